import { isBuiltin } from 'node:module';
import type { IntegrityViolation } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { isCode, lineOf, parse, walk } from './parse.ts';

/** Packages that a changed file takes in although nothing in the repository declares or uses them. */
export function newDependencies(path: string, after: string, sources: Readonly<Record<string, string>>): IntegrityViolation[] {
  if (!isCode(path)) return [];
  const wanted = [...modulesOf(path, after)].filter(({ name }) => isPackage(name));
  if (wanted.length === 0) return [];
  const declared = declaredPackages(sources);
  const used = wanted.every(({ name }) => declared.has(packageOf(name))) ? new Set<string>() : usedPackages(sources);
  return wanted
    .filter(({ name }) => !declared.has(packageOf(name)) && !used.has(packageOf(name)))
    .map(({ name, line }) => ({
      rule: 'new-dependency',
      file: path,
      line,
      detail: `takes in ${name}, which the repository does not depend on`,
    }));
}

/** What an edit of package.json means; it is refused in any case. */
export function manifestViolation(path: string, before: string | undefined, after: string): IntegrityViolation {
  const changed = packagesIn(after).filter((name) => !packagesIn(before ?? '{}').includes(name));
  if (changed.length > 0) return { rule: 'new-dependency', file: path, detail: `adds ${changed.join(', ')}` };
  return { rule: 'forbidden-path', file: path, detail: 'package manifest (scripts, dependencies, entry points)' };
}

function* modulesOf(path: string, text: string): Generator<{ name: string; line: number }> {
  for (const node of walk(parse(path, text))) {
    const specifier = moduleSpecifier(node);
    if (specifier && ts.isStringLiteralLike(specifier)) yield { name: specifier.text, line: lineOf(node) };
  }
}

function moduleSpecifier(node: ts.Node): ts.Expression | undefined {
  if (ts.isImportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (!ts.isCallExpression(node)) return undefined;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  return loads ? node.arguments[0] : undefined;
}

function isPackage(name: string): boolean {
  return !name.startsWith('.') && !name.startsWith('/') && !name.startsWith('#') && !isBuiltin(name);
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

function declaredPackages(sources: Readonly<Record<string, string>>): Set<string> {
  const manifests = Object.entries(sources).filter(([path]) => /(^|\/)package\.json$/.test(path));
  return new Set(manifests.flatMap(([, text]) => packagesIn(text)));
}

function packagesIn(text: string): string[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return []; // a manifest that cannot be read declares nothing
  }
  if (!isObject(manifest)) return [];
  const own = typeof manifest.name === 'string' ? [manifest.name] : [];
  const groups = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].map((key) => manifest[key]);
  return [...own, ...groups.flatMap((group) => (isObject(group) ? Object.keys(group) : []))];
}

function usedPackages(sources: Readonly<Record<string, string>>): Set<string> {
  const used = new Set<string>();
  for (const [path, text] of Object.entries(sources)) {
    if (!isCode(path)) continue;
    for (const { name } of modulesOf(path, text)) if (isPackage(name)) used.add(packageOf(name));
  }
  return used;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
