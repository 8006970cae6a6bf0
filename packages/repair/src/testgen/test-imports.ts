import { posix } from 'node:path';
import type { TestImport } from './test-plan.ts';
import type { TestStyle } from './test-style.ts';

/** The import (or require) lines of a test: the repository's own header, then what the test itself takes in. */
export function importLines(imports: readonly TestImport[], style: TestStyle, file: string): string[] {
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
    const names = needed.filter((name) => name !== whole && !name.includes('.')).sort();
    if (names.length === 0) return line.replace(/,\s*\{[^}]*\}/, '');
    return line.replace(braces[0], `{ ${names.join(', ')} }`);
  });
  const text = header.join('\n');
  const hasAssert = ['expect', 'ava', 'tap'].includes(style.assertion.kind) || new RegExp(`\\b${style.assertion.name}\\b`).test(text);
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
