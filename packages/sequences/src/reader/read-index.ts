import type { Findings } from './findings.ts';
import type { JsonField } from './json-field.ts';

/** One entry of an index document: a sequence's file, relative to the index. */
export interface IndexEntry {
  readonly file: string;
  readonly id?: string;
  readonly handlersPath?: string;
  readonly at: { readonly offset: number; readonly path: string };
}

export function readIndex(root: JsonField, findings: Findings): IndexEntry[] {
  return (root.get('sequences')?.items() ?? []).flatMap((field): IndexEntry | [] => {
    const place = field.get('file');
    const file = field.text('file');
    if (file === undefined || !place) {
      findings.add('error', 'PROPERTY_MISSING', field, '"file" is missing: an entry names a file', {
        expected: 'a path relative to this index',
      });
      return [];
    }
    const [id, handlersPath] = [field.text('id'), field.text('handlersPath')];
    const at = { offset: place.offset, path: place.path };
    return {
      file: file.replaceAll('\\', '/'),
      ...(id !== undefined && { id }),
      ...(handlersPath !== undefined && { handlersPath: handlersPath.replaceAll('\\', '/') }),
      at,
    };
  });
}
