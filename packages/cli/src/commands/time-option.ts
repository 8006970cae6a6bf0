import { SelfhealError } from '@selfheal/contracts';

/** Epoch milliseconds of a time given as ISO text or as epoch seconds, milliseconds or nanoseconds; a text without a zone is UTC. Fails with INPUT_INVALID. */
export function timeOption(name: string, text: string): number {
  const at = /^\d{9,19}$/.test(text) ? epochMs(text) : Date.parse(hasNoZone(text) ? `${text.replace(' ', 'T')}Z` : text);
  if (!Number.isNaN(at)) return at;
  throw new SelfhealError('INPUT_INVALID', `${name} ${text}: give an ISO time such as 2026-05-01T12:00:00Z, or epoch milliseconds`);
}

function epochMs(digits: string): number {
  if (digits.length <= 11) return Number(digits) * 1_000;
  return digits.length <= 14 ? Number(digits) : Number(digits) / 10 ** (digits.length - 13);
}

function hasNoZone(text: string): boolean {
  return /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text);
}
