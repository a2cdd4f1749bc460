"""Signing in at the company's own identity provider, by OpenID Connect; entry module: `doors`."""
