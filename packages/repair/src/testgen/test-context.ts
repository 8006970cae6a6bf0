import type { Anomaly, CodebaseInfo, Diagnosis, SourceSnapshot } from '@selfheal/contracts';
import { type Assertions, assertionsOf } from './assertions.ts';
import { readTestStyle, type TestStyle } from './test-style.ts';

/** All that test generation looks at. */
export interface TestContext {
  readonly diagnosis: Diagnosis;
  readonly anomaly: Anomaly;
  readonly codebase: CodebaseInfo;
  readonly sources: SourceSnapshot;
  readonly style: TestStyle;
  readonly assert: Assertions;
}

export interface TestInput {
  readonly diagnosis: Diagnosis;
  readonly anomaly: Anomaly;
  readonly codebase: CodebaseInfo;
  readonly sources: SourceSnapshot;
}

export function testContext(input: TestInput): TestContext {
  const style = readTestStyle(input.codebase, input.sources, input.diagnosis.analysis.rootCause.location.file);
  return { ...input, style, assert: assertionsOf(style) };
}
