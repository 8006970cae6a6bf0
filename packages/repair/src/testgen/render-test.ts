import { createHash } from 'node:crypto';
import type { Edit, RegressionTest, SourceSnapshot } from '@selfheal/contracts';
import { newFile } from '../patch/make-edits.ts';
import { appendTest } from './append-test.ts';
import { givesAssertions } from './assertion-api.ts';
import { toStringLiteral } from './literal.ts';
import { importLines } from './test-imports.ts';
import type { TestPlan } from './test-plan.ts';
import { baseName, type TestStyle } from './test-style.ts';

/** Writes a plan down in the repository's runner and style: as a new test file, or at the end of one where the test command names its files. */
export function renderTest(plan: TestPlan, style: TestStyle, sources: SourceSnapshot): RegressionTest {
  const title = titleOf(plan, style);
  const suite = style.suite === undefined ? undefined : plan.subject;
  const file = testFileOf(plan.target.file, style, sources, plan.proof === 'coverage' ? '' : '-regression');
  const written = (body: readonly string[]): Edit[] => {
    const imports = importLines(plan.imports, style, file);
    const test = testLines(plan, body, style, title, suite);
    const text = sources.files[file];
    if (style.appendTo !== undefined && text !== undefined) return appendTest(file, text, imports, test, style.code.newline);
    return [newFile(file, [...imports, '', ...test, ''].join(style.code.newline))];
  };
  const edits = written(plan.body);
  return {
    id: createHash('sha256').update(JSON.stringify(edits)).digest('hex').slice(0, 16),
    proof: plan.proof,
    runner: style.runner,
    file,
    titles: [suite === undefined ? title : `${suite} > ${title}`],
    edits,
    target: plan.target,
    source: { events: [...plan.source.events], description: plan.source.description },
    expectation: plan.expectation,
    ...(plan.reproduces ? { reproduces: plan.reproduces } : {}),
    ...(plan.probe ? { probe: { edits: written(plan.probe.body), slots: [...plan.probe.slots] } } : {}),
  };
}

/** Where a test of a source file is written. */
export function testFileOf(source: string, style: TestStyle, { files }: SourceSnapshot, suffix = '-regression'): string {
  return style.appendTo ?? style.path(baseName(source) + suffix, (path) => Object.hasOwn(files, path));
}

function titleOf(plan: TestPlan, style: TestStyle): string {
  if (style.should) return `should ${infinitive(plan.claim)}`;
  return style.suite === undefined ? `${plan.subject} ${plan.claim}` : plan.claim;
}

/** "gives null where ..." to "give null where ...". */
function infinitive(claim: string): string {
  const [first = '', ...rest] = claim.split(' ');
  const irregular: Record<string, string> = { is: 'be', has: 'have', does: 'do', goes: 'go' };
  return [irregular[first] ?? first.replace(/([^s])s$/, '$1'), ...rest].join(' ').replace(/^do not /, 'not ');
}

function testLines(plan: TestPlan, body: readonly string[], style: TestStyle, title: string, suite: string | undefined): string[] {
  const { code } = style;
  const base = suite === undefined ? '' : code.indent;
  const quoted = (text: string) => toStringLiteral(text, code.quote);
  const given = givesAssertions(style.runner) ? style.assertion.name : '';
  // A test of tap that is not asynchronous must say itself that it ends.
  const asynchronous = plan.asynchronous || style.runner === 'tap';
  return [
    ...(suite === undefined ? [] : [`${style.suite}(${quoted(suite)}, () => {`]),
    `${base}${style.test}(${quoted(title)}, ${asynchronous ? 'async ' : ''}(${given}) => {`,
    ...body.flatMap((line) => line.split('\n')).map((line) => (line === '' ? '' : `${base}${code.indent}${line}`)),
    `${base}})${code.semicolon}`,
    ...(suite === undefined ? [] : [`})${code.semicolon}`]),
  ];
}
