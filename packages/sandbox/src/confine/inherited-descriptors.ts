import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

/** Flag of open(2) by which a descriptor does not pass to a program that is started. */
const CLOSE_ON_EXEC = 0o2000000;
export const FIRST_BEYOND_STANDARD = 3;

/**
 * Entries of a child's `stdio` from the fourth on, by which it gets none of our open files. Node marks what it opens itself; what
 * whoever started us left open (a shell's pipe, a supervisor's socket), and what a native library opens, would pass on. Each is
 * replaced by the null device. Dispose once the child is started.
 */
export function withheldDescriptors(): Disposable & { readonly stdio: readonly ('ignore' | number)[] } {
  const inherited = readInherited();
  const last = Math.max(0, ...inherited);
  if (last === 0) return { stdio: [], [Symbol.dispose]: () => undefined };
  const nothing = openSync('/dev/null', 'r');
  const count = last - FIRST_BEYOND_STANDARD + 1;
  const stdio = Array.from({ length: count }, (_, index) => (inherited.has(index + FIRST_BEYOND_STANDARD) ? nothing : 'ignore'));
  return { stdio, [Symbol.dispose]: () => closeSync(nothing) };
}

/** Numbers of the descriptors that a child would get; none where there is no /proc. */
function readInherited(): Set<number> {
  const found = new Set<number>();
  for (const name of quietly(() => readdirSync('/proc/self/fdinfo')) ?? []) {
    const [, flags] = /^flags:\s*(\d+)/m.exec(quietly(() => readFileSync(`/proc/self/fdinfo/${name}`, 'utf8')) ?? '') ?? [];
    const passesOn = flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
    if (passesOn && Number(name) >= FIRST_BEYOND_STANDARD) found.add(Number(name));
  }
  return found;
}

/** The listing itself is one of the descriptors, closed by the time it is looked at. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
