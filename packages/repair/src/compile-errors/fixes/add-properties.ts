import { ts } from 'ts-morph';
import { changeOf, type TypeEdit, type TypeFix, type TypeSite } from '../type-fix.ts';
import { emptyValue, namesOfType } from '../typed-values.ts';

export const addProperties: TypeFix = {
  name: 'add-properties',
  prior: 0.75,
  source: 'BugsJS: change a field 3.3 %, change the assigned expression 25.4 %; TypeFix (Peng et al., ICSE 2024)',
  codes: new Set([2739, 2740, 2741, 2345, 2322, 2769]),
  *propose(site): Generator<TypeEdit> {
    for (const literal of literalsAt(site)) {
      const wanted = site.checker.getContextualType(literal);
      if (wanted === undefined) continue;
      const given = new Set(literal.properties.map((property) => property.name?.getText()));
      const missing = site.checker
        .getPropertiesOfType(site.checker.getNonNullableType(wanted))
        .filter(({ name, flags }) => !given.has(name) && !(flags & ts.SymbolFlags.Optional));
      if (missing.length === 0) continue;
      const options = missing.map((property) => valuesFor(site, literal, property));
      const widestChoice = Math.max(...options.map((choices) => choices.length));
      for (let rank = 0; rank < Math.min(4, widestChoice); rank += 1) {
        const chosen = options.map((choices) => choices[Math.min(rank, choices.length - 1)]);
        if (chosen.some((one) => one === undefined)) continue;
        const texts = chosen.flatMap((one) => (one === undefined ? [] : [one.text]));
        const naturalness = Math.min(...chosen.map((one) => one?.naturalness ?? 0));
        yield { changes: [inserted(site, literal, texts)], naturalness };
      }
    }
  },
};

/** The object literal that the message is about: around it, or given to what it marks. */
function literalsAt({ node }: TypeSite): ts.ObjectLiteralExpression[] {
  const around = ts.findAncestor(node, ts.isObjectLiteralExpression);
  const owner = ts.findAncestor(node, (one) => ts.isVariableDeclaration(one) || ts.isReturnStatement(one) || ts.isCallExpression(one));
  const found = new Set<ts.ObjectLiteralExpression>();
  const visit = (one: ts.Node): void => {
    if (ts.isObjectLiteralExpression(one)) found.add(one);
    ts.forEachChild(one, visit);
  };
  if (owner !== undefined) visit(owner);
  return [...(around === undefined ? [] : [around]), ...[...found].filter((one) => one !== around)];
}

function valuesFor({ checker }: TypeSite, literal: ts.Node, property: ts.Symbol): { text: string; naturalness: number }[] {
  const type = checker.getTypeOfSymbol(property);
  const names = namesOfType(literal, type, checker);
  const same = names.includes(property.name) ? [{ text: property.name, naturalness: 0.95 }] : [];
  const empty = emptyValue(type, checker);
  const others = names.filter((name) => name !== property.name).slice(0, 2);
  return [
    ...same,
    ...(empty === undefined ? [] : [{ text: `${property.name}: ${empty}`, naturalness: 0.55 }]),
    ...others.map((name) => ({ text: `${property.name}: ${name}`, naturalness: 0.45 })),
  ];
}

function inserted({ check }: TypeSite, literal: ts.ObjectLiteralExpression, texts: readonly string[]) {
  const last = literal.properties.at(-1);
  const file = literal.getSourceFile();
  if (last === undefined) return changeOf(check, file, literal.getStart() + 1, literal.end - 1, ` ${texts.join(', ')} `);
  const broken = file.text.slice(literal.getStart(), last.getStart()).includes('\n');
  const indent = /[ \t]*$/.exec(file.text.slice(0, last.getStart()))?.[0] ?? '';
  return changeOf(check, file, last.end, last.end, `, ${texts.join(', ')}`.replaceAll(', ', broken ? `,\n${indent}` : ', '));
}
