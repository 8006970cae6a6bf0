import { posix } from 'node:path';
import type { CodeFunction, CodeSource } from './code-source.ts';

/** A function and the file it is in. */
export interface FoundFunction extends CodeFunction {
  readonly file: string;
}

const CALL = /(?<![\w$.])(?:new\s+)?((?:[A-Za-z_$][\w$]*\s*\??\.\s*){0,4}[A-Za-z_$][\w$]*)\s*(?:\?\.)?\(/g;
const IMPORT =
  /(?:import|export)\b([^'"`;]{0,500}?)\bfrom\s*['"]([^'"\n]{1,300})['"]|([^=;\n]{0,300})=\s*(?:await\s+)?(?:require|import)\(\s*['"]([^'"\n]{1,300})['"]\s*\)/g;
const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.js', '/index.tsx', '/index.mjs'];
const KEYWORDS = new Set(['if', 'for', 'while', 'switch', 'catch', 'function', 'return', 'typeof', 'await', 'super', 'import', 'require']);
const MOST = 12;

/** Functions that the function calls, by name: in its own file, and in the files that it imports by a relative path. */
export async function calleesOf(source: CodeSource, { file, startLine, endLine }: FoundFunction): Promise<FoundFunction[]> {
  const text = source.files[file] ?? '';
  const body = text
    .split('\n')
    .slice(startLine - 1, endLine)
    .join('\n');
  const called = new Set(Array.from(body.matchAll(CALL), (match) => lastName(match[1] ?? '')).filter((name) => !KEYWORDS.has(name)));
  if (called.size === 0) return [];
  const found: FoundFunction[] = [];
  for (const candidate of [file, ...importedFiles(source, file)]) {
    for (const own of await source.functions(candidate)) {
      const itself = candidate === file && own.startLine === startLine;
      if (!itself && called.has(lastName(own.name))) found.push({ ...own, file: candidate });
    }
    if (found.length >= MOST) break;
  }
  return found.slice(0, MOST);
}

/** Functions that call the function by its name: in its own file, and in files that import its file. */
export async function callersOf(source: CodeSource, target: FoundFunction): Promise<FoundFunction[]> {
  const name = lastName(target.name);
  const found: FoundFunction[] = [];
  for (const [file, text] of Object.entries(source.files)) {
    if (
      !text.includes(name) ||
      (file !== target.file && !importsOf(text).some((specifier) => resolves(source, file, specifier, target.file)))
    )
      continue;
    const lines = text.split('\n');
    for (const own of await source.functions(file)) {
      if (file === target.file && own.startLine === target.startLine) continue;
      const body = lines.slice(own.startLine - 1, own.endLine).join('\n');
      if (Array.from(body.matchAll(CALL)).some((match) => lastName(match[1] ?? '') === name)) found.push({ ...own, file });
    }
    if (found.length >= MOST) break;
  }
  return found.slice(0, MOST);
}

/** The innermost function that holds the line. */
export async function functionAt(source: CodeSource, file: string, line: number): Promise<FoundFunction | undefined> {
  const around = (await source.functions(file)).filter((own) => own.startLine <= line && line <= own.endLine);
  const inner = around.toSorted((a, b) => a.endLine - a.startLine - (b.endLine - b.startLine))[0];
  return inner && { ...inner, file };
}

function importedFiles(source: CodeSource, file: string): string[] {
  const resolved = importsOf(source.files[file] ?? '').map((specifier) => resolveImport(source, file, specifier));
  return [...new Set(resolved.filter((found) => found !== undefined))];
}

function importsOf(text: string): string[] {
  return Array.from(text.matchAll(IMPORT), (match) => match[2] ?? match[4] ?? '').filter((specifier) => specifier.startsWith('.'));
}

function resolves(source: CodeSource, from: string, specifier: string, target: string): boolean {
  return resolveImport(source, from, specifier) === target;
}

/** TypeScript sources are often imported by the name of what is built from them. */
function resolveImport(source: CodeSource, from: string, specifier: string): string | undefined {
  const path = posix.join(posix.dirname(from), specifier);
  const stems = [path, path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')];
  for (const stem of stems)
    for (const extension of EXTENSIONS) if (source.files[`${stem}${extension}`] !== undefined) return `${stem}${extension}`;
  return undefined;
}

function lastName(name: string): string {
  return name.split(/[.#?\s]+/).at(-1) ?? name;
}
