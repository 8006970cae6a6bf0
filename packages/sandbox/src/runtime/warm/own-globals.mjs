/** What a candidate may put something else in place of: noted before any is run, and put back before each. */
export const { setTimeout: ownSetTimeout, clearTimeout: ownClearTimeout } = globalThis;

/** Notes the plain properties of the global object and of the given ones; the function given puts back those that changed. */
export function keepProperties(objects) {
  const kept = [globalThis, ...objects].map((object) => {
    const all = Object.entries(Object.getOwnPropertyDescriptors(object));
    // A getter that loads its value when it is first asked (fetch, crypto) is left to do so.
    return [object, all.filter(([, one]) => 'value' in one && one.writable).map(([name, { value }]) => [name, value])];
  });
  return () => {
    for (const [object, properties] of kept) {
      for (const [name, value] of properties) if (object[name] !== value && !Number.isNaN(value)) object[name] = value;
    }
  };
}
