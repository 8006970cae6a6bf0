import type { ContextPartName, FailureContext } from '@selfheal/contracts';

export const PART_NAMES: readonly ContextPartName[] = ['error', 'code', 'logs', 'input', 'environment', 'learned'];

export function bytesOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value), 'utf8');
}

/** Tokens of so many bytes, for estimates: about three bytes each in code and JSON. Nothing is billed by it. */
export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / 3);
}

export function sizesOf(context: Partial<Pick<FailureContext, ContextPartName>>): FailureContext['sizes'] {
  const parts: FailureContext['sizes']['parts'] = {};
  for (const name of PART_NAMES) if (context[name] !== undefined) parts[name] = bytesOf(context[name]);
  const bytes = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { bytes, parts, tokens: estimateTokens(bytes) };
}
