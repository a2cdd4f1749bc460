// The certified npm package oidc-provider on a loopback port, as a test's identity provider. Of its two clients one
// has a secret, and one is public and has its tokens signed on an elliptic curve.
// node provider.mjs PACKAGE_FOLDER PORT REDIRECT
import { generateKeyPairSync } from "node:crypto";
import { pathToFileURL } from "node:url";

const [folder, port, redirect] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${folder}/lib/index.js`));
const people = {
  dana: { email: "dana@example.com", email_verified: true, name: "Dana Reyes", groups: ["everyone", "leads"] },
  eve: { email: "eve@example.com", email_verified: true, name: "Eve", groups: ["everyone"] },
  mallory: { email: "dana@example.com", email_verified: false, name: "Mallory", groups: ["leads"] },
};
const key = (kind, how) => ({ ...generateKeyPairSync(kind, how).privateKey.export({ format: "jwk" }), use: "sig" });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    { client_id: "console", client_secret: "s3cret/with:odd+letters", redirect_uris: [redirect] },
    { client_id: "public", token_endpoint_auth_method: "none", id_token_signed_response_alg: "ES256", redirect_uris: [redirect] },
  ],
  jwks: { keys: [key("rsa", { modulusLength: 2048 }), key("ec", { namedCurve: "P-256" })] },
  pkce: { required: () => true },
  scopes: ["openid", "email", "profile"],
  claims: { email: ["email", "email_verified"], profile: ["name", "groups"] },
  cookies: { keys: ["of a test"] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_ctx, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
});
provider.listen(Number(port), "127.0.0.1", () => {});
