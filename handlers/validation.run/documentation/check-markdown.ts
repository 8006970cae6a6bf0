import { posix } from 'node:path';
import { ts } from 'ts-morph';
import { type FencedCode, type MarkdownLink, readMarkdown } from './markdown.ts';

/** One thing that was checked. `fault` is worded without line numbers, so that the same fault is the same text before and after. */
export interface CheckedPlace {
  readonly line: number;
  readonly fault?: string;
}

type Files = Readonly<Record<string, string>>;

/** Relative links of a Markdown file lead somewhere; fenced JavaScript, TypeScript and JSON parses. */
export function checkMarkdown(file: string, text: string, files: Files): CheckedPlace[] {
  const { links, code, headings } = readMarkdown(text);
  return [...links.flatMap((link) => checkLink(link, file, files, headings)), ...code.flatMap(checkCode)];
}

/** Kinds of files that are certain to be known; a missing picture or script of another language may merely not have been read. */
const KNOWN_KINDS = /\.(?:[cm]?[jt]sx?|mdx?|json)$/;

function checkLink({ target, line }: MarkdownLink, file: string, files: Files, headings: ReadonlySet<string>): CheckedPlace[] {
  if (target === '' || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) return [];
  const [path = '', anchor] = target.split('#', 2);
  const to = path === '' ? file : posix.normalize(path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(file), safeDecode(path)));
  if (to.startsWith('..')) return [];
  const there = files[to];
  if (there === undefined) {
    const known = !KNOWN_KINDS.test(to) || Object.keys(files).some((name) => name.startsWith(`${to.replace(/\/$/, '')}/`));
    return [known ? { line } : { line, fault: `the link ${target} leads nowhere` }];
  }
  if (anchor === undefined || anchor === '' || !/\.mdx?$/.test(to)) return [{ line }];
  const anchors = to === file ? headings : readMarkdown(there).headings;
  return [anchors.has(safeDecode(anchor).toLowerCase()) ? { line } : { line, fault: `the link ${target} names no heading of ${to}` }];
}

const LANGUAGES: Readonly<Record<string, string>> = {
  js: '.js',
  javascript: '.js',
  mjs: '.mjs',
  cjs: '.cjs',
  jsx: '.jsx',
  ts: '.ts',
  typescript: '.ts',
  tsx: '.tsx',
};

function checkCode({ language, code, line }: FencedCode): CheckedPlace[] {
  if (language === 'json')
    return [jsonFault(code) === undefined ? { line } : { line, fault: `the JSON example does not parse: ${jsonFault(code)}` }];
  const extension = LANGUAGES[language];
  if (extension === undefined) return [];
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName: `example${extension}`,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve },
  });
  const [first] = diagnostics;
  return [
    first === undefined
      ? { line }
      : { line, fault: `the example does not parse: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}` },
  ];
}

function jsonFault(code: string): string | undefined {
  try {
    JSON.parse(code);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
