import { ts } from 'ts-morph';
import { propertyName } from '../codebase/syntax/parse-source.ts';

/** One step into a value that a pattern takes apart. */
export type PathStep = { readonly property: string } | { readonly index: number };

/** The way from a pattern down to a name in it: `[{ property: 'a' }, { index: 0 }]` for `x` in `{ a: [x] }`. */
export function pathWithin(pattern: ts.BindingPattern, name: string): PathStep[] | undefined {
  for (const [position, element] of pattern.elements.entries()) {
    if (!ts.isBindingElement(element)) continue;
    const own: PathStep = ts.isArrayBindingPattern(pattern)
      ? { index: position }
      : { property: propertyName(element.propertyName ?? element.name) ?? '' };
    if (ts.isIdentifier(element.name)) {
      if (element.name.text === name) return [own];
    } else {
      const inner = pathWithin(element.name, name);
      if (inner !== undefined) return [own, ...inner];
    }
  }
  return undefined;
}
