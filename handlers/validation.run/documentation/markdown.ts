export interface MarkdownLink {
  readonly target: string;
  readonly line: number;
}

export interface FencedCode {
  readonly language: string;
  readonly code: string;
  readonly line: number;
}

/** Links, images and link definitions, and fenced code blocks of a Markdown text. What stands in code is no link. */
export function readMarkdown(text: string): { links: MarkdownLink[]; code: FencedCode[]; headings: Set<string> } {
  const links: MarkdownLink[] = [];
  const code: FencedCode[] = [];
  const headings = new Set<string>();
  let open: { fence: string; language: string; line: number; body: string[] } | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, fence, language = ''] = /^\s{0,3}(`{3,}|~{3,})\s*([\w+-]*)/.exec(line) ?? [];
    if (open !== undefined) {
      if (fence?.startsWith(open.fence) && language === '') {
        code.push({ language: open.language, code: open.body.join('\n'), line: open.line });
        open = undefined;
      } else open.body.push(line);
    } else if (fence !== undefined) open = { fence, language: language.toLowerCase(), line: index + 1, body: [] };
    else {
      for (const target of linksOf(line)) links.push({ target, line: index + 1 });
      const [, title] = /^#{1,6}\s+(.+?)\s*#*$/.exec(line) ?? [];
      if (title !== undefined) headings.add(headingAnchor(title, headings));
      for (const [, id] of line.matchAll(/<a\s[^>]*(?:id|name)="([^"]+)"/g)) headings.add(id ?? '');
    }
  }
  return { links, code, headings };
}

function linksOf(line: string): string[] {
  const prose = line.replaceAll(/(`+).*?\1/g, '');
  const inline = [...prose.matchAll(/\]\(\s*(<[^>]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+["'(].*?["')])?\s*\)/g)].map(
    ([, target]) => target ?? '',
  );
  const [, definition] = /^\s{0,3}\[[^\]^][^\]]*\]:\s*(<[^>]*>|\S+)/.exec(prose) ?? [];
  return [...inline, ...(definition === undefined ? [] : [definition])].map((target) => target.replace(/^<|>$/g, ''));
}

/** The anchor that GitHub gives a heading; a repeated one is numbered. */
function headingAnchor(title: string, taken: ReadonlySet<string>): string {
  const plain = title.replaceAll(/[`*]|\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  const anchor = plain
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
  for (let number = 0; ; number += 1) {
    const numbered = number === 0 ? anchor : `${anchor}-${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
