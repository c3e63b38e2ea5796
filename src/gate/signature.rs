//! Signatures under approvals, in OpenSSH's format for files (SSHSIG), so that `ssh-keygen -Y sign` and `-Y verify` work with
//! them as well.

use rsa::pkcs1v15::SigningKey as RsaSigningKey;
use rsa::sha2::Sha512;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{BigUint, RsaPrivateKey};
use ssh_key::private::{KeypairData, RsaKeypair};
use ssh_key::{Algorithm, HashAlg, LineEnding, Mpint, PrivateKey, PublicKey, Signature, SshSig};

use super::event::Identity;
use super::signers::{AllowedSigners, NAMESPACE, NotAllowed};
use crate::host::clock::Timestamp;

/// Why something could not be signed, or a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not a private key that this program reads.
    #[error("not a private key in OpenSSH's format: {0}")]
    Key(String),
    /// It is encrypted, and no pass phrase was given.
    #[error("the key is encrypted and nobody can be asked for its pass phrase")]
    Encrypted,
    /// The pass phrase is not the key's.
    #[error("the pass phrase does not open the key")]
    PassPhrase,
    /// The key cannot sign.
    #[error("the key cannot sign: {0}")]
    Sign(String),
    /// Not a signature.
    #[error("not a signature: {0}")]
    Unreadable(String),
    /// A signature of something else, or by another key, or for another purpose.
    #[error("the signature does not fit: {0}")]
    DoesNotFit(String),
    /// The key may not sign this.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
}

/// A private key, ready to sign.
pub struct SigningKey(PrivateKey);

impl SigningKey {
    /// Reads a private key; `pass_phrase` is asked only for an encrypted one, and answers `None` where nobody can be asked.
    ///
    /// # Errors
    /// `Key`, `Encrypted`, `PassPhrase`.
    pub fn read(
        text: &[u8],
        pass_phrase: impl FnOnce() -> Option<String>,
    ) -> Result<Self, SignatureError> {
        let key = PrivateKey::from_openssh(text).map_err(|e| SignatureError::Key(e.to_string()))?;
        if !key.is_encrypted() {
            return Ok(Self(key));
        }
        let given = pass_phrase().ok_or(SignatureError::Encrypted)?;
        let opened = key.decrypt(given).map_err(|_| SignatureError::PassPhrase)?;
        Ok(Self(opened))
    }

    /// Who the signers' list says this key is.
    ///
    /// # Errors
    /// `NotAllowed`.
    pub fn identity(
        &self,
        signers: &AllowedSigners,
        at: Timestamp,
    ) -> Result<Identity, SignatureError> {
        let public = self.0.public_key();
        Ok(Identity::Key {
            principal: signers.name_of(public.key_data(), at)?,
            fingerprint: public.fingerprint(HashAlg::Sha256).to_string(),
        })
    }

    /// The armoured signature of these bytes.
    ///
    /// # Errors
    /// `Sign`.
    pub fn sign(&self, bytes: &[u8]) -> Result<String, SignatureError> {
        let wrong = |e: ssh_key::Error| SignatureError::Sign(e.to_string());
        let signature = match self.0.key_data() {
            KeypairData::Rsa(pair) => by_rsa(pair, self.0.public_key(), bytes),
            _ => self.0.sign(NAMESPACE, HashAlg::Sha512, bytes),
        };
        signature
            .map_err(wrong)?
            .to_pem(LineEnding::LF)
            .map_err(wrong)
    }
}

/// `ssh_key` 0.6 takes one prime of an RSA key for both, so that it cannot sign; the signature itself is `rsa`'s work anyway.
fn by_rsa(pair: &RsaKeypair, public: &PublicKey, bytes: &[u8]) -> Result<SshSig, ssh_key::Error> {
    let integer = |m: &Mpint| {
        m.as_positive_bytes()
            .map(BigUint::from_bytes_be)
            .ok_or(ssh_key::Error::Crypto)
    };
    let primes = vec![integer(&pair.private.p)?, integer(&pair.private.q)?];
    let (n, e) = (integer(&pair.public.n)?, integer(&pair.public.e)?);
    let key = RsaPrivateKey::from_components(n, e, integer(&pair.private.d)?, primes);
    let key = key.map_err(|_| ssh_key::Error::Crypto)?;
    let data = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, bytes)?;
    let signed = RsaSigningKey::<Sha512>::new(key)
        .try_sign(&data)
        .map_err(|_| ssh_key::Error::Crypto)?;
    let algorithm = Algorithm::Rsa {
        hash: Some(HashAlg::Sha512),
    };
    let signature = Signature::new(algorithm, signed.to_vec())?;
    SshSig::new(
        public.key_data().clone(),
        NAMESPACE,
        HashAlg::Sha512,
        signature,
    )
}

/// Makes sure that `armoured` is a signature of these bytes as an approval, by the key of `by`, who may sign at this time.
///
/// # Errors
/// `Unreadable`, `DoesNotFit`, `NotAllowed`.
pub fn verify(
    bytes: &[u8],
    armoured: &[u8],
    by: &Identity,
    signers: &AllowedSigners,
    at: Timestamp,
) -> Result<(), SignatureError> {
    let signature =
        SshSig::from_pem(armoured).map_err(|e| SignatureError::Unreadable(e.to_string()))?;
    let unfit = |why: String| Err(SignatureError::DoesNotFit(why));
    let key = PublicKey::from(signature.public_key().clone());
    let Identity::Key {
        principal,
        fingerprint,
    } = by
    else {
        return unfit("the approval names no key".to_owned());
    };
    let signed_by = key.fingerprint(HashAlg::Sha256).to_string();
    if signed_by != *fingerprint {
        return unfit(format!(
            "it is by {signed_by}, the approval names {fingerprint}"
        ));
    }
    if key.verify(NAMESPACE, bytes, &signature).is_err() {
        return unfit(format!(
            "it is not one of this content for the purpose {NAMESPACE}"
        ));
    }
    Ok(signers.allow(key.key_data(), principal, at)?)
}
