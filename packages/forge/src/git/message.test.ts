import { describe, expect, it } from 'vitest';
import { commitMessage, keyOf } from './message.ts';

describe('commitMessage', () => {
  it('puts the trailers last, one line each, the key after them', () => {
    const message = commitMessage({ subject: 'Guard\nthe cart', body: 'Why.\n', trailers: { 'Selfheal-Incident': 'inc\n-1' }, key: 'k 1' });
    expect(message).toBe('Guard the cart\n\nWhy.\n\nSelfheal-Incident: inc -1\nSelfheal-Key: k 1\n');
    expect(keyOf(message)).toBe('k 1');
  });

  it('drops control, zero-width and direction characters that came from a log', () => {
    const message = commitMessage({ subject: 'a\u001b[31mb\u200b', body: 'x\u202ey\tz', trailers: {}, key: 'k' });
    expect(message).toBe('a[31mb\n\nxy\tz\n\nSelfheal-Key: k\n');
  });
});

describe('keyOf', () => {
  it('believes only the last paragraph, since a body may quote anything', () => {
    const message = commitMessage({ subject: 's', body: 'Selfheal-Key: forged', trailers: {}, key: 'true one' });
    expect(keyOf(message)).toBe('true one');
    expect(keyOf('s\n\nSelfheal-Key: forged\n\nmore text\n')).toBeUndefined();
  });
});
