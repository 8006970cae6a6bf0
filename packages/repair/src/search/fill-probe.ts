import type { Json, RegressionTest, TestResult } from '@selfheal/contracts';
import { toLiteral } from '../testgen/literal.ts';

const MARK = /SELFHEAL-PROBE (\{.*\}) END/s;

/** The values that a probe run printed, by slot; undefined where it printed none. */
export function probedValues(result: TestResult | undefined): Record<string, Json> | undefined {
  const [, text] = MARK.exec(result?.error?.message ?? '') ?? MARK.exec(result?.error?.stack ?? '') ?? [];
  if (text === undefined) return undefined;
  try {
    const values: unknown = JSON.parse(text);
    return isObject(values) ? values : undefined;
  } catch {
    return undefined; // cut off by the runner
  }
}

/** The test with the values in place of its slots; without its probe. A slot without value stands for undefined. */
export function fillProbe(test: RegressionTest, values: Readonly<Record<string, Json>>): RegressionTest {
  const { probe, ...rest } = test;
  const quote = test.edits.some((edit) => /from "|require\("/.test(edit.replace)) ? '"' : "'";
  const edits = test.edits.map((edit) => ({
    ...edit,
    replace: (probe?.slots ?? []).reduce((text, slot) => fillSlot(text, slot, values, quote), edit.replace),
  }));
  return { ...rest, edits };
}

function fillSlot(text: string, slot: string, values: Readonly<Record<string, Json>>, quote: "'" | '"'): string {
  const value = Object.hasOwn(values, slot) ? values[slot] : undefined;
  return text.replaceAll(slot, () => (value === undefined ? 'undefined' : toLiteral(value, { quote, indent: '  ' }, '  ')));
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
