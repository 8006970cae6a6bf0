import { describe, expect, it } from 'vitest';
import { fingerprintOf, normaliseMessage } from './error-message.ts';

describe('normaliseMessage', () => {
  it.each([
    ["Cannot read properties of undefined (reading 'country')", "Cannot read properties of undefined (reading 'country')"],
    ["Cannot read properties of null (reading '0')", "Cannot read properties of null (reading '0')"],
    ["Cannot read properties of undefined (reading 'ord-12345')", "Cannot read properties of undefined (reading '<*>')"],
    ["Cannot destructure property 'a' of 'b' as it is undefined.", "Cannot destructure property 'a' of 'b' as it is undefined."],
    ['order.items.map is not a function', 'order.items.map is not a function'],
    ['Unexpected token u in JSON at position 17', 'Unexpected token <*> in JSON at position <*>'],
    ['Unexpected token \'<\', "<html>..." is not valid JSON', 'Unexpected token \'<*>\', "<*>" is not valid JSON'],
    ["ENOENT: no such file or directory, open '/srv/x/1.json'", "ENOENT: no such file or directory, open '<*>'"],
    ['Order 4711 of user bob@example.com not found', 'Order <*> of user <*> not found'],
    ['timeout of 3000ms exceeded at 2024-05-01T10:00:00.000Z', 'timeout of <*> exceeded at <*>'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <*>'],
    ['job 6f1c2a90-7a53-4d6e-9b0a-2c8f3f0f7d11 failed', 'job <*> failed'],
    ['GET https://api.test/v1/x?y=1 gave 502', 'GET <*> gave <*>'],
    ['payment ord-17 was declined', 'payment <*> was declined'],
    ['token <redacted:token:0a1b2c3d> expired', 'token <*> expired'],
  ])('%s', (message, expected) => {
    expect(normaliseMessage(message)).toBe(expected);
  });

  it('ends for hostile messages', () => {
    for (const message of ['"'.repeat(1e6), 'a@'.repeat(5e5), '/a'.repeat(5e5), "'\\".repeat(5e5)])
      expect(normaliseMessage(message).length).toBeLessThanOrEqual(500);
  });
});

describe('fingerprintOf', () => {
  const frame = { file: 'src/a.ts', function: 'f', line: 1, inApp: true };
  it('goes by type, message and the first frame of the application, not by its line', () => {
    const print = fingerprintOf('E', 'm', [{ ...frame, inApp: false, file: 'x' }, frame]);
    expect(print).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprintOf('E', 'm', [{ ...frame, line: 99 }])).toBe(print);
    expect(fingerprintOf('E', 'm', [{ ...frame, function: 'g' }])).not.toBe(print);
    expect(fingerprintOf('F', 'm', [frame])).not.toBe(print);
  });
});
