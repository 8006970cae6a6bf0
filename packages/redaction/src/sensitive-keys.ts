/** What the value under a key is, by the key's name: `password`, `x-api-key`, `STRIPE_SECRET`, `accessToken`. */
export type SecretKind = 'password' | 'token' | 'key' | 'cookie' | 'auth' | 'session' | 'card';

const list = (words: string): readonly string[] => words.split(' ');

const ENDINGS: readonly (readonly [SecretKind, readonly string[]])[] = [
  [
    'password',
    list(
      'pass password passwd passwort passphrase passcode userpass dbpass mypwd pwd passwordhash loginpass adminpass rootpass smtppass mailpass ftppass sshpass pgpass redispass mysqlpass kennwort senha contrasena motdepasse mnemonic seedphrase recoveryphrase',
    ),
  ],
  ['auth', list('authorization authheader xauth authentication')],
  ['cookie', list('cookie cookies')],
  ['session', list('sessionid sessid sessiontoken sessionkey phpsessid connectsid sid')],
  ['card', list('cardnumber creditcard ccnumber cvv cvc cvv2 securitycode ssn iban otp totp mfacode pincode')],
  [
    'key',
    list(
      'apikey appkey accesskey accesskeyid secretkey secretaccesskey privatekey authkey signingkey encryptionkey accountkey sharedaccesskey sharedkey masterkey licensekey storagekey servicekey subscriptionkey apisecret hmackey sshkey keyblob signature applicationkey restkey writekey readkey adminkey deploykey integrationkey ingestionkey jwtkey secretkeybase cryptkey cipherkey aeskey clientkey consumerkey clientsecretkey serverkey userkey projectkey developerkey devkey testkey livekey functionkey hostkeysecret webhookkey accessid',
    ),
  ],
  [
    'token',
    list(
      'token secret secrets credential credentials creds jwt bearer clientsecret apitoken nonce2 sastoken accesscode authcode oauthtoken refreshtoken idtoken csrftoken xsrftoken',
    ),
  ],
];

const EXACT: Readonly<Record<string, SecretKind>> = {
  pass: 'password',
  pw: 'password',
  psw: 'password',
  pin: 'card',
  sig: 'key',
  auth: 'auth',
  sid: 'session',
};
/** Endings that other words have too (`bypass`, `inside`): they count where a word of the key begins with them. */
const SHORT = new Set(list('pass sid ssn otp totp iban cvc cvv'));
/** Keys that end alike but hold no secret. */
const HARMLESS = new Set(
  list('unexpectedtoken nexttoken pagetoken nextpagetoken continuationtoken canceltoken cancellationtoken residcookie synctoken'),
);

/** Endings that name a secret only where the value looks like one: `cache key`, `api`, `client id`. */
const WEAK = list(
  'key keys tokens api access dsn webhook salt seed license licence cert clientid appid applicationid accountsid pat hash auth',
);

/** Last words of sensitive keys, in the spellings in which they stand in logs: what the search looks for. */
export const keyHints: readonly string[] = [
  ...list('pass password passwd passwort passphrase passcode pass pwd pw psw kennwort senha contrasena motdepasse mnemonic'),
  ...list('seedphrase seed_phrase seed-phrase recoveryphrase recovery_phrase passwordhash password_hash'),
  ...list('authorization authheader auth_header auth-header xauth x-auth authentication auth cookie cookies'),
  ...list('sessionid session_id session-id session.id sessid sid'),
  ...list('cardnumber card_number card-number creditcard credit_card credit-card ccnumber cc_number cvv cvc cvv2'),
  ...list('securitycode security_code security-code ssn iban otp totp mfacode mfa_code mfa-code pincode pin_code pin'),
  ...list(
    'key keys keyid key_id key-id keyblob key_base signature sig token tokens secret secrets credential credentials creds jwt bearer nonce2',
  ),
  ...list('accesscode access_code access-code authcode auth_code auth-code accessid access_id access-id'),
  ...list(
    'api access dsn webhook salt seed license licence cert clientid client_id client-id appid app_id app-id accountsid account_sid pat hash',
  ),
];

export function sensitiveKey(key: string): SecretKind | undefined {
  const joined = joinedName(key);
  const exact = Object.hasOwn(EXACT, joined) ? EXACT[joined] : undefined;
  if (exact !== undefined) return exact;
  if (HARMLESS.has(joined)) return undefined;
  for (const [kind, endings] of ENDINGS) {
    for (const ending of endings) {
      if (joined.endsWith(ending) && (!SHORT.has(ending) || startsWord(key, ending.length))) return kind;
    }
  }
  return undefined;
}

/** Whether a random-looking value under the key is to be taken for a secret. */
export function maybeSensitiveKey(key: string): boolean {
  const joined = joinedName(key);
  return !HARMLESS.has(joined) && WEAK.some((ending) => joined.endsWith(ending) && startsWord(key, ending.length));
}

/** Digits behind a name only count: `password2`, `API_KEY_1`. */
function joinedName(key: string): string {
  return key
    .replace(/[_.-]?\d{1,2}$/, (digits) => (key.toLowerCase().endsWith('cvv2') || key.endsWith('nonce2') ? digits : ''))
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}

/** `connect.sid` and `userSid`, but not `inside`. */
function startsWord(key: string, length: number): boolean {
  const name = key.replace(/[^A-Za-z0-9]+$/, '');
  const before = name[name.length - length - 1];
  return before === undefined || !/[A-Za-z]/.test(before) || /^[A-Z]/.test(name.slice(-length));
}
