import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchor } from './markdown.ts';

/** A fenced block: ```` ```json config ```` has the language `json` and the mark `config`. */
export interface Fence {
  readonly language: string;
  readonly mark: string;
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

export interface Page {
  /** Relative to the root. */
  readonly path: string;
  readonly fences: readonly Fence[];
  readonly links: readonly { readonly target: string; readonly line: number }[];
  readonly anchors: ReadonlySet<string>;
}

/** The pages that people read: the README, the documentation, and the READMEs of the packages. */
export function readPages(root: string): Page[] {
  const paths = globSync(['README.md', 'docs/**/*.md', 'packages/*/README.md', 'handlers/**/README.md'], {
    cwd: root,
    exclude: (path) => path.includes('node_modules'),
  });
  return paths.sort().map((path) => readPage(path, readFileSync(join(root, path), 'utf8')));
}

export function readPage(path: string, text: string): Page {
  const fences: Fence[] = [];
  const links: { target: string; line: number }[] = [];
  const anchors = new Set<string>();
  let open: { language: string; mark: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*```(\S*)\s*(\S*)/.exec(line);
    if (fence !== null) {
      if (open === undefined) open = { language: fence[1] ?? '', mark: fence[2] ?? '', line: index + 1, lines: [] };
      else {
        fences.push({ language: open.language, mark: open.mark, line: open.line, text: open.lines.join('\n') });
        open = undefined;
      }
    } else if (open !== undefined) {
      open.lines.push(line);
    } else {
      const heading = /^#{1,6} (.+)$/.exec(line);
      if (heading?.[1] !== undefined) anchors.add(anchor(heading[1].replaceAll(/`|\*\*|\[([^\]]*)\]\([^)]*\)/g, '$1')));
      for (const [, target] of line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g))
        links.push({ target: target ?? '', line: index + 1 });
    }
  }
  return { path, fences, links, anchors };
}
