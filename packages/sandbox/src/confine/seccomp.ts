import { existsSync } from 'node:fs';

/** Fields of `struct seccomp_data` by their offset (linux/seccomp.h); of an argument the lower half, as here all are small. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argument = (index: number): number => 16 + 8 * index;

/** Instructions of classic BPF (linux/bpf_common.h). */
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const ERRNO = { EPERM: 0x00050000 | 1, ENOSYS: 0x00050000 | 38, EAFNOSUPPORT: 0x00050000 | 97 };

/** unix, inet, inet6, netlink (which lists a machine's addresses). Not vsock, which no namespace divides from the hypervisor's. */
const ADDRESS_FAMILIES = [1, 2, 10, 16];
/** ioctl request that types into a terminal. */
const TIOCSTI = 0x5412;
/** Numbers of x86-64's second ABI begin here; they would go past the list. */
const X32 = 0x4000_0000;

interface Architecture {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  readonly socket: number;
  readonly ioctl: number;
  /** Calls without which every test runs: other processes' memory, kernel keys, modules, mounts, namespaces, clock, kernel log. */
  readonly refused: readonly number[];
}

/** The same on both: io_uring (setup, enter, register) and the mount calls that Linux 5.2 and 5.12 brought. */
const COMMON = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442];
const ARCHITECTURES: Readonly<Partial<Record<NodeJS.Architecture, Architecture>>> = {
  x64: {
    audit: 0xc000003e,
    socket: 41,
    ioctl: 16,
    // ptrace, syslog, vhangup, pivot_root, chroot, acct, settimeofday, mount, umount2, swapon, swapoff, reboot, iopl, ioperm, init_module,
    // delete_module, quotactl, clock_settime, kexec_load, add_key, request_key, keyctl, unshare, perf_event_open, open_by_handle_at,
    // setns, process_vm_readv, process_vm_writev, finit_module, kexec_file_load, bpf, userfaultfd
    refused: [
      101, 103, 153, 155, 161, 163, 164, 165, 166, 167, 168, 169, 172, 173, 175, 176, 179, 227, 246, 248, 249, 250, 272, 298, 304, 308, 310,
      311, 313, 320, 321, 323,
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    socket: 198,
    ioctl: 29,
    // In the order above, without iopl and ioperm, which there are none of.
    refused: [
      117, 116, 58, 41, 51, 89, 170, 40, 39, 224, 225, 142, 105, 106, 60, 112, 104, 217, 218, 219, 97, 241, 265, 268, 270, 271, 273, 294,
      280, 282,
    ],
  },
};

/**
 * A filter of system calls for seccomp(2): an array of `struct sock_filter`. It refuses what namespaces do not divide (kernel keys,
 * vsock) and what a test has no use for and a kernel had most of its holes in. Undefined where the kernel or processor has no such filter.
 */
export function systemCallFilter(architecture: NodeJS.Architecture = process.arch): Buffer | undefined {
  const known = ARCHITECTURES[architecture];
  if (known === undefined || !existsSync('/proc/sys/kernel/seccomp/actions_avail')) return undefined;
  const { audit, socket, ioctl, refused } = known;
  return Buffer.concat([
    instruction(LOAD, ARCHITECTURE),
    instruction(JUMP_IF_EQUAL, audit, 1, 0),
    instruction(RETURN, ERRNO.ENOSYS),
    instruction(LOAD, NUMBER),
    instruction(JUMP_IF_AT_LEAST, X32, 0, 1),
    instruction(RETURN, ERRNO.ENOSYS),
    ...[...refused, ...COMMON].flatMap((call) => [instruction(JUMP_IF_EQUAL, call, 0, 1), instruction(RETURN, ERRNO.EPERM)]),
    instruction(JUMP_IF_EQUAL, ioctl, 0, 3),
    instruction(LOAD, argument(1)),
    instruction(JUMP_IF_EQUAL, TIOCSTI, 0, ADDRESS_FAMILIES.length + 4),
    instruction(RETURN, ERRNO.EPERM),
    instruction(JUMP_IF_EQUAL, socket, 0, ADDRESS_FAMILIES.length + 2),
    instruction(LOAD, argument(0)),
    ...ADDRESS_FAMILIES.map((family, index) => instruction(JUMP_IF_EQUAL, family, ADDRESS_FAMILIES.length - index, 0)),
    instruction(RETURN, ERRNO.EAFNOSUPPORT),
    instruction(RETURN, ALLOW),
  ]);
}

/** `struct sock_filter`: code, where to jump if true and if false (instructions to skip), and a constant. */
function instruction(code: number, constant: number, ifTrue = 0, ifFalse = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(constant >>> 0, 4);
  return bytes;
}
