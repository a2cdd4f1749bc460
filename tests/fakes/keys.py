"""RSA keys for signing servers, each generated once."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa


@cache
def made_key(n: int = 0) -> rsa.RSAPrivateKey:
    """The n-th key; generating one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
