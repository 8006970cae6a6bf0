import type { TestPlan } from './test-plan.ts';

export interface Probed {
  readonly slot: string;
  readonly setup: readonly string[];
  readonly code: string;
}

/** The name that stands for a value until it is observed. None is the beginning of another. */
export function slotName(index: number): string {
  return `SELFHEAL_VALUE_${String(index).padStart(2, '0')}`;
}

/** A probe prints all values at once, in the one place that every runner reports: the message of a failure. */
export function probeOf(setup: readonly string[], probed: readonly Probed[], end: string): NonNullable<TestPlan['probe']> {
  const body = [
    ...setup,
    `const observedValues = {}${end}`,
    ...probed.flatMap((one) => [...one.setup, `observedValues.${one.slot} = ${one.code}${end}`]),
    `throw new Error(\`SELFHEAL-PROBE \${JSON.stringify(observedValues)} END\`)${end}`,
  ];
  return { body, slots: probed.map((one) => one.slot) };
}
