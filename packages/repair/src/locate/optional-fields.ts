import { ts } from 'ts-morph';
import { propertyName } from '../codebase/syntax/parse-source.ts';
import type { CodeView } from './code-view.ts';

const optionalFields = new WeakMap<CodeView, ReadonlySet<string>>();

/** Fields that some type of the code base declares as optional or nullable. */
export function isDeclaredOptional(view: CodeView, field: string): boolean {
  const known = optionalFields.get(view) ?? collectOptionalFields(view);
  optionalFields.set(view, known);
  return known.has(field);
}

function collectOptionalFields(view: CodeView): Set<string> {
  const found = new Set<string>();
  for (const file of view.index.files.values()) {
    const visit = (node: ts.Node) => {
      if (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)) {
        const name = propertyName(node.name);
        const nullable = node.type !== undefined && /\b(?:null|undefined)\b/.test(node.type.getText());
        if (name !== undefined && (node.questionToken !== undefined || nullable)) found.add(name);
      }
      ts.forEachChild(node, visit);
    };
    visit(file.source);
  }
  return found;
}
