import { describe, expect, it } from 'vitest';
import { hexGroupsEnd, ipEnd, uuidEnd } from './address.ts';

describe('addresses', () => {
  it.each([
    ['10.0.0.1:80', 8],
    ['10.0.0.1.', 8],
    ['10.0.0', 0],
    ['10.0.0.1.5', 0],
    ['10.0.0.1a', 0],
    ['1000.0.0.1', 0],
  ])('ip of %j', (text, end) => {
    expect(ipEnd(text, 0, text.indexOf('.'))).toBe(end);
  });

  it.each([
    ['FF:F2:9F:16:E2:01 x', 17],
    ['fe80:0:0:1', 10],
    ['fe80::1ff:fe23:1 x', 16],
    ['2001:db8::1]', 11],
    ['ab::cd', 0],
    ['10:20', 0],
    ['a:b:c', 0],
  ])('hex groups of %j', (text, end) => {
    expect(hexGroupsEnd(text, 0)).toBe(end);
  });

  it.each([
    ['550e8400-e29b-41d4-a716-446655440000,', 36],
    ['550e8400-e29b-41d4-a716-44665544000', 0],
  ])('uuid of %j', (text, end) => {
    expect(uuidEnd(text, 0)).toBe(end);
  });
});
