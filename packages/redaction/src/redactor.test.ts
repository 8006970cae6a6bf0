import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Placeholders } from './placeholder.ts';
import { Redactor } from './redactor.ts';

const logs = new URL('../../../fixtures/logs/', import.meta.url);
const redactor = (): Redactor => new Redactor(new Placeholders(Buffer.alloc(32, 7)));
const redact = (line: string): string => redactor().redact(line).text;
const a = (count: number, of = 'aB3dE6gH9'): string => of.repeat(Math.ceil(count / of.length)).slice(0, count);
const hex = (count: number): string => a(count, 'a1b2c3d4e5f60789');

/** Built from parts, so that no scanner takes this file for a leak. */
const tokens: [string, string][] = [
  ['AWS key id', `AKIA${a(16, 'ABCDEFGHJKLMNPQR')}`],
  ['GitHub', `ghp_${a(36)}`],
  ['GitHub fine-grained', `github_pat_${a(60)}`],
  ['GitLab', `glpat-${a(20)}`],
  ['Slack', `xoxb-${a(24, '1234567890-')}`],
  ['Stripe', `sk_live_${a(24)}`],
  ['Google', `AIza${a(35)}`],
  ['SendGrid', `SG.${a(22)}.${a(43)}`],
  ['npm', `npm_${a(36)}`],
  ['OpenAI', `sk-proj-${a(48)}`],
  ['Anthropic', `sk-ant-api03-${a(90)}`],
  ['DigitalOcean', `dop_v1_${hex(64)}`],
  ['Shopify', `shpat_${hex(32)}`],
  ['Vault', `hvs.${a(30)}`],
  ['Databricks', `dapi${hex(32)}`],
  ['Postman', `PMAK-${hex(24)}-${hex(34)}`],
  ['Telegram', `123456789:AA${a(33)}`],
  ['Mailchimp', `${hex(32)}-us12`],
  ['JSON web token', `eyJhbGciOiJIUzI1NiJ9.${a(20)}.${a(20)}`],
  ['Slack webhook', `https://hooks.slack.com/services/T${a(8)}/B${a(8)}/${a(24)}`],
];

/** A line with a secret in it, and the secret. */
const keyed: [string, string][] = [
  ['{"user":"bob","password":"hunter2"}', 'hunter2'],
  ['{"body":"{\\"password\\":\\"hun\\\\\\"ter2\\",\\"x\\":1}"}', 'ter2'],
  ['{"a":{"clientSecret":"correcthorse"}}', 'correcthorse'],
  ['{"headers":{"authorization":"Bearer abc.def-123"}}', 'abc.def-123'],
  ['{"headers":{"cookie":"sid=s3cr3tvalue; theme=dark"}}', 's3cr3tvalue'],
  ['{"set-cookie":["sid=s3cr3tvalue; Path=/"]}', 's3cr3tvalue'],
  ['{"cvv":123,"pin":4711}', '4711'],
  ['password=hunter2&user=bob', 'hunter2'],
  ['PGPASSWORD=hunter2 psql', 'hunter2'],
  ['level=info api_key="k-12345-abcde" msg=ok', 'k-12345-abcde'],
  ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
  ['curl -H "X-Api-Key: 1a2b3c4d5e"', '1a2b3c4d5e'],
  ['sending Bearer abcdef1234567890abcdef', 'abcdef1234567890abcdef'],
  ['Cookie: sid=s3cr3tvalue; theme=dark', 's3cr3tvalue'],
  ['GET /callback?state=1&access_token=abc123def HTTP/1.1', 'abc123def'],
  ['connecting to postgres://shop:p4ss@db:5432/shop', 'p4ss'],
  ['mongodb+srv://root:S3cr3t!@cluster0.example.net', 'S3cr3t!'],
  ['AccountName=x;AccountKey=abc+/def123==;EndpointSuffix=core', 'abc+/def123'],
  ["{ user: 'bob', password: 'hunter2' }", 'hunter2'],
  ['sessionId=abcdef12345 opened', 'abcdef12345'],
  ['{"key":"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADAN\\n-----END PRIVATE KEY-----"}', 'MIIEvQIBADAN'],
];

const harmless = [
  'Unexpected token: identifier',
  'Unexpected token } in JSON at position 12',
  'Invalid password: must be at least 8 characters',
  '{"tokens":1234,"token_count":5,"maxTokens":10}',
  '{"event":"checkout.payment.authorized","author":"Bob","handler":"authorizePayment"}',
  'handler: authorizePayment duration: 12ms',
  '{"password":null,"token":false,"passwordReset":true}',
  'Auth successful for job_1445144423722_0020 (auth:SIMPLE)',
  'Basic authentication is required; Bearer tokens are not accepted',
  'https://host:8080/path@2x.png',
  'commit f33fa1f520b9a1b2c3d4e5f60718293a4b5c6d7e',
];

describe('Redactor', () => {
  it.each(tokens)('hides a token of %s wherever it stands', (_, token) => {
    const secret = token.replace('https://', '');
    for (const line of [`got ${token} back`, JSON.stringify({ msg: `a\n${token}\nb` }), `url=https://x/?t=${token}`]) {
      expect(redact(line)).not.toContain(secret);
      expect(redact(line)).toMatch(/<redacted:[a-z-]+:[0-9a-f]{8}>/);
    }
  });

  it.each(keyed)('hides the secret of %s', (line, secret) => {
    const { text, redactions } = redactor().redact(line);
    expect(text).not.toContain(secret);
    expect(redactions).toBeGreaterThan(0);
    if (line.startsWith('{"')) expect(() => JSON.parse(text)).not.toThrow();
  });

  it('keeps JSON within JSON whole', () => {
    const inner = JSON.stringify({ token: 'abc"def\\ghi', n: 1 });
    const outer = JSON.stringify({ payload: JSON.stringify({ inner }) });
    const parsed = JSON.parse(JSON.parse(JSON.parse(redact(outer)).payload).inner);
    expect(parsed).toEqual({ token: expect.stringMatching(/^<redacted:token:/), n: 1 });
  });

  it.each(harmless)('leaves %s alone', (line) => {
    expect(redactor().redact(line)).toEqual({ text: line, redactions: 0 });
  });

  it('gives equal secrets equal placeholders, other secrets and other keys others', () => {
    const placeholder = (line: string, key = 7): string | undefined =>
      /<redacted:[^>]+>/.exec(new Redactor(new Placeholders(Buffer.alloc(32, key))).redact(line).text)?.[0];
    expect(placeholder('password=hunter2')).toBe(placeholder('{"password":"hunter2"}'));
    expect(placeholder('password=hunter2')).not.toBe(placeholder('password=hunter3'));
    expect(placeholder('password=hunter2')).not.toBe(placeholder('password=hunter2', 8));
  });

  it('hides a private key that takes many lines, and nothing after it', () => {
    const one = redactor();
    const lines = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA', 'q83vEjRWeJA=', '-----END RSA PRIVATE KEY-----', 'next line'];
    const text = lines.map((line) => one.redact(line).text).join('\n');
    expect(text).not.toMatch(/MIIE|q83v/);
    expect(text).toContain('next line');
  });

  it('finds a secret whose name is broken up by invisible characters', () => {
    expect(redact('pass\u200bword=hunter2')).not.toContain('hunter2');
    expect(redact('{"pass\\u200bword":"hunter2"}')).not.toContain('hunter2');
  });

  it('has no false hit over the recorded logs', () => {
    const files = readdirSync(logs).filter((name) => name.startsWith('shop-'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const one = redactor();
      const hits = readFileSync(new URL(name, logs), 'utf8')
        .split('\n')
        .filter((line) => one.redact(line).redactions > 0);
      expect(hits).toEqual([]);
    }
  });

  it.each([
    ['tokens', 'eyJ'.repeat(1e6)],
    ['keys', 'password'.repeat(4e5)],
    ['quotes', `token="${'\\"'.repeat(1e6)}`],
    ['key blocks', `${'-----BEGIN PRIVATE KEY-----'.repeat(4e4)}-----END PRIVATE KEY-----`],
    ['URLs', '://a:'.repeat(5e5)],
    ['backslashes', `${'\\'.repeat(3e6)}u200b`],
  ])('gets through hostile %s: anything worse than linear would not end', (_, hostile) => {
    const one = redactor();
    expect(one.redact(hostile).text.length).toBeGreaterThan(0);
    expect(one.redact('plain').text).toBe('plain');
  });
});
