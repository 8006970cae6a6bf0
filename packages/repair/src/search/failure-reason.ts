import type { RegressionTest, TestResult } from '@selfheal/contracts';

/**
 * Whether a test failed on the base because of the fault, and not because it could not be loaded or was written badly. A reproduction
 * must show the very error of production; other proofs must fail in an assertion.
 */
export function failsForTheRightReason(test: RegressionTest, result: TestResult): boolean {
  const text = `${result.error?.message ?? ''}\n${result.error?.stack ?? ''}`;
  if (result.status !== 'failed' || CANNOT_LOAD.test(text)) return false;
  return test.reproduces ? showsError(text, test.reproduces.message) : !MISTAKE.test(text) || ASSERTION.test(text);
}

const CANNOT_LOAD =
  /ERR_MODULE_NOT_FOUND|Cannot find (module|package)|Failed to (load|resolve)|does not provide an export|Unexpected (token|identifier|strict)[^"']*\n|ERR_REQUIRE_ESM|ERR_UNKNOWN_FILE_EXTENSION/;
const MISTAKE = /\b(TypeError|ReferenceError|SyntaxError)\b/;
const ASSERTION = /AssertionError|ERR_ASSERTION|expect\(|expected .* to /i;

/** The same message, or one that differs only in values such as numbers, quoted data and positions. */
export function showsError(text: string, message: string): boolean {
  if (message !== '' && text.includes(message)) return true;
  // Some runners cut a message short: "TypeError: Cannot read properties of …".
  const [, start = ''] = /(?:Error: )?(.{16,}?)\s?(?:…|\.\.\.)/.exec(text.slice(Math.max(0, text.indexOf(message.slice(0, 16))))) ?? [];
  if (start.length >= 16 && message.startsWith(start.slice(0, 200))) return true;
  // A name of the code is no value: where another member was read, another place failed.
  const [member] = /\((?:reading|setting) '[^']+'\)/.exec(message) ?? [];
  if (member !== undefined && !text.includes(member)) return false;
  const wanted = words(message);
  if (wanted.length === 0) return text !== '';
  const seen = new Set(words(text));
  return wanted.filter((word) => seen.has(word)).length >= wanted.length * 0.7;
}

function words(text: string): string[] {
  return text
    .replace(/<\*>/g, ' ')
    .split(/[^A-Za-z_$.]+/)
    .filter((word) => word.length > 1);
}
