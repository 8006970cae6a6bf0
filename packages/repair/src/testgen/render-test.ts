import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { RegressionTest, SourceSnapshot } from '@selfheal/contracts';
import { newFile } from '../patch/make-edits.ts';
import { toStringLiteral } from './literal.ts';
import type { TestImport, TestPlan } from './test-plan.ts';
import { baseName, type TestStyle } from './test-style.ts';

/** Writes a plan down as a new test file in the repository's runner and style. */
export function renderTest(plan: TestPlan, style: TestStyle, sources: SourceSnapshot): RegressionTest {
  const wish = baseName(plan.target.file) + (plan.proof === 'coverage' ? '' : '-regression');
  const file = style.path(wish, (path) => Object.hasOwn(sources.files, path));
  const title = titleOf(plan, style);
  const suite = style.suite === undefined ? undefined : plan.subject;
  const text = fileText(plan, plan.body, style, file, title, suite);
  const probe = plan.probe && {
    edits: [newFile(file, fileText(plan, plan.probe.body, style, file, title, suite))],
    slots: [...plan.probe.slots],
  };
  return {
    id: createHash('sha256').update(`${file}\n${text}`).digest('hex').slice(0, 16),
    proof: plan.proof,
    runner: style.runner,
    file,
    titles: [suite === undefined ? title : `${suite} > ${title}`],
    edits: [newFile(file, text)],
    target: plan.target,
    source: { events: [...plan.source.events], description: plan.source.description },
    expectation: plan.expectation,
    ...(plan.reproduces ? { reproduces: plan.reproduces } : {}),
    ...(probe ? { probe } : {}),
  };
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

function fileText(
  plan: TestPlan,
  body: readonly string[],
  style: TestStyle,
  file: string,
  title: string,
  suite: string | undefined,
): string {
  const { code } = style;
  const base = suite === undefined ? '' : code.indent;
  const quoted = (text: string) => toStringLiteral(text, code.quote);
  const lines = [
    ...importLines(plan.imports, style, file),
    '',
    ...(suite === undefined ? [] : [`${style.suite}(${quoted(suite)}, () => {`]),
    `${base}${style.test}(${quoted(title)}, ${plan.asynchronous ? 'async ' : ''}() => {`,
    ...body.flatMap((line) => line.split('\n')).map((line) => (line === '' ? '' : `${base}${code.indent}${line}`)),
    `${base}})${code.semicolon}`,
    ...(suite === undefined ? [] : [`})${code.semicolon}`]),
    '',
  ];
  return lines.join(code.newline);
}

function importLines(imports: readonly TestImport[], style: TestStyle, file: string): string[] {
  const ofRunner = (one: TestImport) => one.module === style.runner && style.header.some((line) => isRunnerImport(line, style));
  const groups = Map.groupBy(
    imports.filter((one) => !ofRunner(one)),
    (one) => specifierOf(one, style, file),
  );
  const own = [...groups].map(([specifier, names]) => importLine(specifier, names, style));
  const header = completedHeader(
    style,
    imports.filter(ofRunner).map((one) => one.as),
  );
  const known = new Set(header.map((line) => line.replace(/\s+/g, '')));
  return [...header, ...own.filter((line) => !known.has(line.replace(/\s+/g, '')))];
}

/** The sample's header, narrowed or widened to the names that the test uses. */
function completedHeader(style: TestStyle, more: readonly string[]): string[] {
  const { quote: q, semicolon: s } = style.code;
  const needed = [
    style.test,
    ...(style.suite === undefined ? [] : [style.suite]),
    ...(style.assertion.kind === 'expect' ? ['expect'] : []),
    ...more,
  ];
  const header = style.header.map((line) => {
    const braces = /\{([^}]*)\}/.exec(line);
    if (!braces || !isRunnerImport(line, style)) return line;
    const whole = /^(?:import|const|let|var)\s+(\w+)/.exec(line)?.[1];
    const names = needed.filter((name) => name !== whole).sort();
    if (names.length === 0) return line.replace(/,\s*\{[^}]*\}/, '');
    return line.replace(braces[0], `{ ${names.join(', ')} }`);
  });
  const text = header.join('\n');
  const hasAssert = style.assertion.kind === 'expect' || new RegExp(`\\b${style.assertion.name}\\b`).test(text);
  const assertLine =
    style.modules === 'esm'
      ? `import ${style.assertion.name} from ${q}node:assert/strict${q}${s}`
      : `const ${style.assertion.name} = require(${q}node:assert/strict${q})${s}`;
  return hasAssert ? header : [assertLine, ...header];
}

function isRunnerImport(line: string, style: TestStyle): boolean {
  return new RegExp(`['"]${style.runner}['"]`).test(line) && line.includes('{');
}

function importLine(specifier: string, imports: readonly TestImport[], style: TestStyle): string {
  const { quote: q, semicolon: s } = style.code;
  const whole = imports.find((one) => isWhole(one.name));
  const named = [...new Map(imports.filter((one) => !isWhole(one.name)).map((one) => [one.as, one])).values()].sort((a, b) =>
    a.as.localeCompare(b.as),
  );
  if (style.modules === 'commonjs') {
    const members = named.map((one) => (one.name === one.as ? one.as : `${one.name}: ${one.as}`)).join(', ');
    const lines = [];
    if (whole) lines.push(`const ${whole.as} = require(${q}${specifier}${q})${whole.name === 'default' ? '.default' : ''}${s}`);
    if (members !== '') lines.push(`const { ${members} } = require(${q}${specifier}${q})${s}`);
    return lines.join(style.code.newline);
  }
  const members = named.map((one) => `${one.type ? 'type ' : ''}${one.name === one.as ? one.as : `${one.name} as ${one.as}`}`).join(', ');
  const start = whole ? (whole.name === '*' ? `* as ${whole.as}` : whole.as) : '';
  const list = members === '' ? '' : `{ ${members} }`;
  return `import ${[start, list].filter((part) => part !== '').join(', ')} from ${q}${specifier}${q}${s}`;
}

function isWhole(name: string): boolean {
  return name === 'default' || name === 'module.exports' || name === '*';
}

function specifierOf(one: TestImport, style: TestStyle, file: string): string {
  if (one.path === undefined) return one.module ?? '';
  const relative = posix.relative(posix.dirname(file), one.path);
  const path = relative.startsWith('.') ? relative : `./${relative}`;
  if (style.importExtension === 'none') return path.replace(/\/index\.[cm]?[jt]sx?$/, '').replace(/\.[cm]?[jt]sx?$/, '');
  return style.importExtension === 'js' ? path.replace(/\.([cm]?)tsx?$/, '.$1js') : path;
}
