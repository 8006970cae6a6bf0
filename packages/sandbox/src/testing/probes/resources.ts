import type { Probe } from './probe.ts';

const LIMITS = { memoryMb: 400, processes: 64, diskMb: 64 };
/** So much output of a command is kept at most, in characters. */
const KEPT_OUTPUT = 400_000;

/** What a program may use up. Each is bounded in itself too, so that a limit that fails fails the probe and not the machine. */
export const resourceProbes: readonly Probe[] = [
  {
    name: 'starts ever more processes (fork bomb)',
    run: { limits: LIMITS },
    attack: async ({ child, wait }) => {
      for (let count = 0; count < 40; count += 1) child.spawn('sh', ['-c', 'sleep 20 & sleep 20 & sleep 20 & wait'], { stdio: 'ignore' });
      await wait(20_000);
    },
    endedBy: /more than 64 processes/,
  },
  {
    name: 'takes ever more memory',
    run: { limits: LIMITS },
    attack: async ({ wait }) => {
      const kept: Buffer[] = [];
      for (let count = 0; count < 100; count += 1) {
        kept.push(Buffer.alloc(8 << 20, 1));
        await wait(10);
      }
      await wait(5_000 + kept.length);
    },
    endedBy: /more than 400 MB of memory/,
  },
  {
    name: 'fills the temporary folder and shared memory',
    run: { limits: { ...LIMITS, memoryMb: 4_000 } },
    attack: ({ sh, escaped }) => {
      const out = sh(
        'head -c 560M /dev/zero > /tmp/big; head -c 560M /dev/zero > /dev/shm/big; du -m /tmp/big /dev/shm/big; rm -f /tmp/big /dev/shm/big',
      );
      for (const [line, mb] of out.matchAll(/^(\d+)\s.*big$/gm)) if (Number(mb) > 520) escaped(line);
    },
  },
  {
    name: 'fills the disk through the copy',
    run: { limits: LIMITS },
    attack: async ({ fs, wait }) => {
      const folder = fs.mkdtempSync('fill-');
      for (let count = 0; count < 12; count += 1) {
        fs.writeFileSync(`${folder}/${count}`, Buffer.alloc(12 << 20, 1));
        await wait(50);
      }
      await wait(5_000);
    },
    endedBy: /more than 64 MB written/,
  },
  {
    name: 'makes one endless file',
    attack: ({ fs, escaped }) => {
      const file = fs.openSync('endless', 'w');
      process.on('SIGXFSZ', () => undefined);
      try {
        fs.ftruncateSync(file, 8 * 2 ** 30);
        escaped(`${fs.fstatSync(file).size} bytes`);
      } finally {
        fs.unlinkSync('endless');
      }
    },
  },
  {
    name: 'never ends',
    run: { timeoutMs: 1_500 },
    attack: () => {
      process.on('SIGTERM', () => undefined);
      for (;;);
    },
    endedBy: /longer than 1500 ms/,
  },
  {
    name: 'prints without end',
    attack: ({ fs }) => {
      const line = `${'x'.repeat(65_535)}\n`;
      for (let count = 0; count < 400; count += 1) {
        try {
          fs.writeSync(1, line);
        } catch {}
      }
    },
    harm: (_host, { stdout }) => (stdout.length > KEPT_OUTPUT ? `${stdout.length} characters were kept` : undefined),
  },
];
