/** What the value under a key is, by the key's name: `password`, `x-api-key`, `STRIPE_SECRET`, `accessToken`. */
export type SecretKind = 'password' | 'token' | 'key' | 'cookie' | 'auth' | 'session' | 'card';

const ENDINGS: readonly (readonly [SecretKind, readonly string[]])[] = [
  ['password', ['password', 'passwd', 'passwort', 'passphrase', 'passcode', 'userpass', 'dbpass', 'mypwd', 'pwd', 'passwordhash']],
  ['auth', ['authorization', 'authheader', 'xauth', 'authentication']],
  ['cookie', ['cookie', 'cookies']],
  ['session', ['sessionid', 'sessid', 'sessiontoken', 'sessionkey', 'phpsessid', 'connectsid', 'sid']],
  [
    'card',
    ['cardnumber', 'creditcard', 'ccnumber', 'cvv', 'cvc', 'cvv2', 'securitycode', 'ssn', 'iban', 'otp', 'totp', 'mfacode', 'pincode'],
  ],
  [
    'key',
    [
      'apikey',
      'appkey',
      'accesskey',
      'accesskeyid',
      'secretkey',
      'secretaccesskey',
      'privatekey',
      'authkey',
      'signingkey',
      'encryptionkey',
      'accountkey',
      'sharedaccesskey',
      'sharedkey',
      'masterkey',
      'licensekey',
      'storagekey',
      'servicekey',
      'subscriptionkey',
      'apisecret',
      'hmackey',
      'sshkey',
      'keyblob',
      'signature',
    ],
  ],
  [
    'token',
    [
      'token',
      'secret',
      'credential',
      'credentials',
      'jwt',
      'bearer',
      'clientsecret',
      'apitoken',
      'nonce2',
      'sastoken',
      'accesscode',
      'authcode',
    ],
  ],
];

const EXACT: Readonly<Record<string, SecretKind>> = {
  pass: 'password',
  pw: 'password',
  pin: 'card',
  sig: 'key',
  auth: 'auth',
  sid: 'session',
};
/** Keys that end alike but hold no secret. */
const HARMLESS = new Set(['unexpectedtoken', 'nexttoken', 'pagetoken', 'nextpagetoken', 'continuationtoken', 'canceltoken', 'residcookie']);

/** Literals of which every sensitive key holds one: the fast first look at a line. */
export const keyHint =
  /pass|pwd|pw[=:"]|secret|token|key|auth|cookie|sess|sid|card|cvv|cvc|ssn|iban|otp|mfa|pin|security|credential|jwt|bearer|signature|sig[=:"]|accesscode|access_code|access-code/gi;

export function sensitiveKey(key: string): SecretKind | undefined {
  const joined = key.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  const exact = Object.hasOwn(EXACT, joined) ? EXACT[joined] : undefined;
  if (exact !== undefined) return exact;
  if (HARMLESS.has(joined)) return undefined;
  for (const [kind, endings] of ENDINGS) {
    for (const ending of endings) {
      if (joined.endsWith(ending) && (ending !== 'sid' || startsWord(key, ending.length))) return kind;
    }
  }
  return undefined;
}

/** `connect.sid` and `userSid`, but not `inside`. */
function startsWord(key: string, length: number): boolean {
  const before = key[key.length - length - 1];
  return before === undefined || !/[A-Za-z]/.test(before) || /^[A-Z]/.test(key.slice(-length));
}
