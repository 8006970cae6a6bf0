import { posix } from 'node:path';
import type { FixTemplate } from '@selfheal/contracts';
import { distance } from 'fastest-levenshtein';
import { type Identifier, Node } from 'ts-morph';
import type { Change } from '../patch/make-edits.ts';
import { atEachSite, nodesAt, type Proposal, proposal, type Site, textList, textValue } from './causes.ts';
import { isInScope } from './syntax-tree.ts';

const CATEGORIES = ['wrong-identifier', 'unknown'];
const NAMES_TRIED = 4;

/** Replaces a name that is declared nowhere by the nearest that is, or takes it in from the module that exports it. */
export const nearestName: FixTemplate = {
  name: 'nearest-name',
  categories: CATEGORIES,
  prior: 0.6,
  source:
    'Wrong identifier is the most frequent single-statement bug (237 K of TSSB-3M); spelling suggestions as of tsc (codefix spelling, import)',
  propose: atEachSite(CATEGORIES, (site) => {
    const [name] = namesAt(site);
    return name === undefined ? [] : [...imported(site, name), ...replaced(site, name)];
  }),
};

function namesAt(site: Site): Identifier[] {
  const said = textValue(site.data.name) ?? /^([A-Za-z_$][\w$]*) is not defined/.exec(site.cause.explanation)?.[1];
  if (said === undefined) return [];
  const { line, endLine = line } = site.cause.location;
  return site.source
    .getDescendants()
    .filter((node): node is Identifier => Node.isIdentifier(node) && node.getText() === said)
    .filter((node) => node.getStartLineNumber() >= line && node.getStartLineNumber() <= Math.max(line, endLine));
}

function replaced(site: Site, name: Identifier): Proposal[] {
  const said = textList(site.data.near);
  const isMember = Node.isPropertyAccessExpression(name.getParent()) && name.getParent()?.getLastChild() === name;
  const near = said.length > 0 ? said : isMember ? [] : declaredNames(site, name);
  const wrong = name.getText();
  // Every use of a name that does not exist is wrong, in the whole file.
  const uses = isMember ? nodesAt(site, (node): node is Identifier => Node.isIdentifier(node) && node.getText() === wrong) : [name];
  const places = uses.includes(name) ? uses : [name];
  return near.slice(0, NAMES_TRIED).map((right, rank) =>
    proposal(
      site,
      name,
      places.map((use) => toChange(use, right)),
      {
        title: `Use ${right} in place of ${wrong}`,
        rationale: `\`${wrong}\` is declared nowhere; \`${right}\` is the nearest name in scope.`,
        naturalness:
          Math.max(0.2, 1 - distance(wrong.toLowerCase(), right.toLowerCase()) / Math.max(wrong.length, right.length)) * 0.9 ** rank,
      },
    ),
  );
}

/** `{ total }` in an object keeps its key. */
function toChange(use: Identifier, right: string): Change {
  const text = Node.isShorthandPropertyAssignment(use.getParent()) ? `${use.getText()}: ${right}` : right;
  return { start: use.getStart(), end: use.getEnd(), text };
}

function declaredNames(site: Site, name: Identifier): string[] {
  const names = new Set(
    site.source
      .getDescendants()
      .filter((node): node is Identifier => Node.isIdentifier(node))
      .map((node) => node.getText()),
  );
  names.delete(name.getText());
  const scored = [...names]
    .filter((one) => isInScope(one, name))
    .map((one) => ({ one, away: distance(one.toLowerCase(), name.getText().toLowerCase()) }));
  return scored
    .filter(({ one, away }) => away <= Math.max(2, one.length / 3))
    .sort((a, b) => a.away - b.away)
    .map(({ one }) => one);
}

/** The name is exported elsewhere, and the import was forgotten. */
function imported(site: Site, name: Identifier): Proposal[] {
  const wanted = name.getText();
  const said = textList(site.data.exportedFrom);
  const known = site.context.codebase.functions.filter((one) => one.exportedAs === wanted && one.file !== site.path).map((one) => one.file);
  const files = [...new Set([...said, ...known])].filter(
    (file) => !site.context.codebase.files.some((one) => one.test && one.path === file),
  );
  if (isInScope(wanted, name)) return [];
  return files.slice(0, 2).map((file) =>
    proposal(site, name, [importChange(site, wanted, file)], {
      title: `Import ${wanted} from ${file}`,
      rationale: `\`${wanted}\` is exported by ${file} and used here without being imported.`,
      naturalness: 0.95,
    }),
  );
}

function importChange(site: Site, name: string, file: string): Change {
  const { quote: q, semicolon, newline } = site.style;
  const relative = posix.relative(posix.dirname(site.path), file);
  const path = relative.startsWith('.') ? relative : `./${relative}`;
  const required = site.source.getStatements().filter((statement) => /^(const|let|var)\b[^=]*=\s*require\(/.test(statement.getText()));
  const imports = site.source.getImportDeclarations();
  const sample = [
    ...imports.map((one) => one.getModuleSpecifierValue()),
    ...required.flatMap((one) => /require\(['"]([^'"]+)/.exec(one.getText())?.[1] ?? []),
  ].find((one) => one.startsWith('.'));
  const specifier =
    sample === undefined || /\.[cm]?[jt]sx?$/.test(sample)
      ? sample?.endsWith('.js')
        ? path.replace(/\.tsx?$/, '.js')
        : path
      : path.replace(/\.[cm]?[jt]sx?$/, '');
  const isCommonJs = imports.length === 0 && (required.length > 0 || /module\.exports|exports\./.test(site.text));
  const line = isCommonJs
    ? `const { ${name} } = require(${q}${specifier}${q})${semicolon}`
    : `import { ${name} } from ${q}${specifier}${q}${semicolon}`;
  const last = isCommonJs ? required.at(-1) : imports.at(-1);
  const at = last ? last.getEnd() : (site.source.getStatements()[0]?.getStart(true) ?? 0);
  return last ? { start: at, end: at, text: newline + line } : { start: at, end: at, text: line + newline };
}
