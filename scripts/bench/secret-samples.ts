/** Synthetic secrets of many providers, each in a line as logs hold them. Seeded: the same seed gives the same samples everywhere. */
export interface SecretSample {
  readonly provider: string;
  readonly line: string;
  /** What must not be left in the line. */
  readonly secret: string;
}

type Draw = (count: number) => string;

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const UPPER = LOWER.toUpperCase();

/** Forms as the providers document them: `{62:36}` draws 36 of base 62; h hexadecimal, d digits, u upper case and digits, l lower case and digits, w base64url, b base64; % is a dollar sign. */
const TOKENS: Readonly<Record<string, string>> = {
  'AWS access key': 'AKIA{2:16}',
  'AWS temporary key': 'ASIA{2:16}',
  'Google API key': 'AIza{w:35}',
  'Google OAuth': 'ya29.{w:120}',
  'Google client secret': 'GOCSPX-{w:28}',
  'DigitalOcean token': 'dop_v1_{h:64}',
  'Databricks token': 'dapi{h:32}',
  'Doppler token': 'dp.pt.{62:43}',
  'Vault service token': 'hvs.{w:95}',
  'PlanetScale password': 'pscale_pw_{62:43}',
  'Pulumi token': 'pul-{h:40}',
  'Netlify token': 'nfp_{62:40}',
  'Supabase token': 'sbp_{h:40}',
  'Tailscale key': 'tskey-auth-{62:17}-{62:33}',
  'GitHub personal token': 'ghp_{62:36}',
  'GitHub app token': 'ghs_{62:36}',
  'GitHub fine-grained token': 'github_pat_{62:22}_{62:59}',
  'GitLab personal token': 'glpat-{w:20}',
  'GitLab runner token': 'glrt-{w:20}',
  'Atlassian token': 'ATATT3xFfGF0{w:180}',
  'npm token': 'npm_{62:36}',
  'PyPI token': 'pypi-AgEIcHlwaS5vcmc{w:130}',
  'RubyGems key': 'rubygems_{h:48}',
  'NuGet key': 'oy2{l:43}',
  'Docker token': 'dckr_pat_{w:27}',
  'Sourcegraph token': 'sgp_{h:16}_{h:40}',
  'Linear key': 'lin_api_{62:40}',
  'Figma token': 'figd_{w:40}',
  'Postman key': 'PMAK-{h:24}-{h:34}',
  'Airtable token': 'pat{62:14}.{h:64}',
  'Slack bot token': 'xoxb-{d:12}-{d:13}-{62:24}',
  'Slack app token': 'xapp-1-{u:11}-{d:13}-{h:64}',
  'Slack webhook': 'https://hooks.slack.com/services/T{u:9}/B{u:9}/{62:24}',
  'Discord webhook': 'https://discord.com/api/webhooks/{d:18}/{w:68}',
  'Discord bot token': 'MTk{62:23}.{w:6}.{w:38}',
  'Telegram bot token': '{d:10}:AA{w:33}',
  'Twilio key': 'SK{h:32}',
  'SendGrid key': 'SG.{w:22}.{w:43}',
  'Mailgun key': 'key-{h:32}',
  'Mailchimp key': '{h:32}-us14',
  'Brevo key': 'xkeysib-{h:64}-{62:16}',
  'Stripe secret key': 'sk_live_{62:24}',
  'Stripe restricted key': 'rk_live_{62:98}',
  'Stripe webhook secret': 'whsec_{62:32}',
  'Shopify token': 'shpat_{h:32}',
  'Square token': 'EAAA{w:60}',
  'Braintree token': 'access_token$production%{l:16}%{h:32}',
  'EasyPost key': 'EZAK{62:54}',
  'OpenAI key': 'sk-proj-{w:120}',
  'Anthropic key': 'sk-ant-api03-{w:93}AA',
  'Hugging Face token': 'hf_{a:34}',
  'Groq key': 'gsk_{62:52}',
  'Replicate token': 'r8_{62:37}',
  'New Relic key': 'NRAK-{u:27}',
  'Grafana service token': 'glsa_{62:32}_{h:8}',
  'Sentry token': 'sntrys_{62:120}',
  'PostHog key': 'phc_{62:43}',
  'Dynatrace token': 'dt0c01.{2:24}.{2:64}',
  'JSON web token': 'eyJ{w:33}.eyJ{w:90}.{w:43}',
  'age key': 'AGE-SECRET-KEY-1{u:58}',
};

/** Lines around a token that shows by itself. */
const AROUND: readonly string[] = [
  'INFO  [main] connecting with {} to the service',
  '{"level":"warn","time":1714557600000,"msg":"rejected {}"}',
  '{"level":30,"req":{"url":"/callback?state=1&t={}"},"msg":"done"}',
  "request failed: { headers: { 'x-forwarded-for': '10.0.0.1', 'x-key': '{}' } }",
  'GET /v1/items?key={}&page=2 HTTP/1.1',
  '2024-05-01 10:00:00,123 ERROR upstream said: invalid value "{}" (401)',
  'export SERVICE={}',
  'curl -H "Authorization: Bearer {}" https://api.example.com/',
];

/** Secrets without a form of their own: the name in front tells. */
const NAMED: Readonly<Record<string, string>> = {
  'a password': '{p:14}',
  'a short password': '{l:8}',
  'a random key': '{62:32}',
  'a hexadecimal key': '{h:40}',
  'a key in base64': '{b:43}=',
  'a UUID key': '{h:8}-{h:4}-{h:4}-{h:4}-{h:12}',
};

const NAMING: readonly string[] = [
  'password={}',
  'db.password: {}',
  '{"user":"bob","password":"{}"}',
  '{"db":{"connection":{"dbPassword":"{}","port":5432}}}',
  '{"payload":"{\\"clientSecret\\":\\"{}\\",\\"n\\":1}"}',
  "{ apiKey: '{}', retries: 3 }",
  'API_KEY={} node server.js',
  'x-api-key: {}',
  'level=info access_token="{}" msg="login ok"',
  'POST /login?user=bob&passwd={}&next=%2F',
  'Set-Cookie: sessionid={}; Path=/; HttpOnly',
  '<config><secretKey>{}</secretKey></config>',
  'postgres://shop:{}@db.internal:5432/shop',
  'Server=tcp:db,1433;User ID=sa;Pwd={};Encrypt=yes',
  'starting with --auth-token {} --port 80',
  'client_secret => "{}",',
  'var adminPassword string = "{}"',
  '{"key":"http.request.header.authorization","value":{"stringValue":"{}"}}',
  'STRIPE_WEBHOOK_SECRET := "{}"',
  'AccountName=logs;AccountKey={};EndpointSuffix=core.windows.net',
  'refreshToken: "{}"',
];

/** `rounds` samples of each provider's token and of each way to name a secret. */
export function secretSamples(seed: number, rounds: number): SecretSample[] {
  const next = mulberry32(seed);
  const samples: SecretSample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [provider, form] of Object.entries(TOKENS)) {
      const secret = filled(form, next);
      samples.push({ provider, secret, line: pick(AROUND, next).replace('{}', () => secret) });
    }
    for (const naming of NAMING) {
      const [provider, form] = pick(Object.entries(NAMED), next);
      const secret = filled(form, next);
      samples.push({ provider: `${provider} in ${naming}`, secret, line: naming.replace('{}', () => secret) });
    }
    samples.push(...privateKey(next));
  }
  return samples;
}

function privateKey(next: () => number): SecretSample[] {
  const secret = filled('MII{b:61}', next);
  const name = pick(['RSA PRIVATE KEY', 'PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY'], next);
  const text = `-----BEGIN ${name}-----\\n${secret}\\n${filled('{b:40}', next)}=\\n-----END ${name}-----\\n`;
  return [{ provider: 'private key in JSON', secret, line: `{"type":"service_account","private":"${text}"}` }];
}

function filled(form: string, next: () => number): string {
  return form
    .replaceAll('%', '$')
    .replace(/\{([a-z]|62|2):(\d+)\}/g, (_, alphabet: string, count: string) => drawer(alphabet, next)(Number(count)));
}

function drawer(alphabet: string, next: () => number): Draw {
  const characters = ALPHABETS[alphabet];
  if (characters === undefined) throw new RangeError(`no alphabet ${alphabet}`);
  return (count) => Array.from({ length: count }, () => characters[Math.floor(next() * characters.length)]).join('');
}

const ALPHABETS: Readonly<Record<string, string>> = {
  '62': UPPER + LOWER + DIGITS,
  '2': `${UPPER}234567`,
  h: `${DIGITS}abcdef`,
  d: DIGITS,
  u: UPPER + DIGITS,
  l: LOWER + DIGITS,
  a: UPPER + LOWER,
  w: `${UPPER}${LOWER}${DIGITS}`,
  b: `${UPPER}${LOWER}${DIGITS}+/`,
  p: `${UPPER}${LOWER}${DIGITS}!#$*_-`,
};

function pick<T>(list: readonly T[], next: () => number): T {
  const chosen = list[Math.floor(next() * list.length)];
  if (chosen === undefined) throw new RangeError('nothing to choose from');
  return chosen;
}

/** Numbers from 0 to 1 by a seed (Tommy Ettinger's mulberry32, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
