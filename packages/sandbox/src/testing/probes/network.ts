import type { Probe, ProbedHost } from './probe.ts';

function heard(host: ProbedHost): string | undefined {
  const count = host.takeDatagrams();
  return count === 0 ? undefined : `${count} datagrams reached the host`;
}

/** Whom a program may talk to. */
export const networkProbes: readonly Probe[] = [
  {
    name: "connects to the host's loopback (IPv4)",
    harmless: true,
    attack: ({ facts, net, escaped }) => {
      net
        .connect(facts.tcpPort, '127.0.0.1')
        .on('connect', () => escaped('127.0.0.1'))
        .on('error', () => undefined)
        .setTimeout(2_000)
        .unref();
      return new Promise((done) => setTimeout(done, 300));
    },
  },
  {
    name: "connects to the host's other addresses (IPv4, IPv6)",
    harmless: true,
    attack: async ({ facts, net, wait, escaped }) => {
      for (const address of facts.addresses) {
        const socket = net.connect(facts.tcpPort, address);
        socket
          .on('connect', () => escaped(address))
          .on('error', () => undefined)
          .unref();
      }
      await wait(300);
    },
  },
  {
    name: 'connects to the internet',
    attack: async ({ net, wait, escaped }) => {
      for (const [port, address] of [
        [53, '192.0.2.1'],
        [443, '2001:db8::1'],
        [80, '169.254.169.254'],
      ] as const) {
        const socket = net.connect(port, address);
        socket
          .on('connect', () => escaped(address))
          .on('error', () => undefined)
          .unref();
      }
      await wait(300);
    },
  },
  {
    name: 'sends datagrams (UDP)',
    harmless: true,
    attack: async ({ facts, dgram, wait }) => {
      for (const [kind, address] of [
        ['udp4', '127.0.0.1'],
        ['udp6', '::1'],
      ] as const) {
        const socket = dgram.createSocket(kind);
        socket.on('error', () => undefined);
        socket.send('x', facts.udpPort, address, () => socket.close());
      }
      await wait(200);
    },
    harm: heard,
  },
  {
    name: 'asks a name server (DNS)',
    harmless: true,
    attack: async ({ facts, dns, wait, escaped }) => {
      const resolver = new dns.Resolver({ timeout: 200, tries: 1 });
      resolver.setServers([`127.0.0.1:${facts.udpPort}`]);
      resolver.resolve4(`${facts.canary}.example`, () => undefined);
      dns.lookup('example.com', (error) => {
        if (error === null) escaped('example.com has an address');
      });
      await wait(400);
    },
    harm: heard,
  },
  {
    name: 'connects to a unix socket',
    harmless: true,
    attack: async ({ facts, net, wait, escaped }) => {
      for (const path of [
        `${facts.outside}/socket`,
        '/var/run/docker.sock',
        '/run/containerd/containerd.sock',
        '/run/dbus/system_bus_socket',
      ])
        net
          .connect(path)
          .on('connect', () => escaped(path))
          .on('error', () => undefined)
          .unref();
      await wait(200);
    },
  },
  {
    name: 'connects to an abstract socket',
    harmless: true,
    attack: async ({ facts, net, wait, escaped }) => {
      net
        .connect(`\0${facts.abstractSocket}`)
        .on('connect', () => escaped(facts.abstractSocket))
        .on('error', () => undefined)
        .unref();
      await wait(200);
    },
  },
  {
    name: 'opens raw and packet sockets',
    attack: ({ sh, escaped }) => {
      const out = sh(
        `perl -e 'for ([2, 3, 1], [10, 3, 58], [17, 3, 768], [17, 2, 768]) { print "open @$_\\n" if socket(my $s, $_->[0], $_->[1], $_->[2]) }'`,
      );
      if (out.includes('open')) escaped(out);
    },
  },
  {
    name: 'changes the network (netlink)',
    attack: ({ sh, escaped }) => {
      const out = sh(
        'ip link add probe type dummy && echo ADDED; ip addr add 192.0.2.7/24 dev lo && echo ADDED; ip route add default dev lo && echo ADDED',
      );
      if (out.includes('ADDED')) escaped(out);
    },
  },
  {
    name: 'talks to the hypervisor (vsock)',
    attack: ({ sh, escaped }) => {
      const out = sh(`perl -e 'if (socket(my $s, 40, 1, 0)) { print "open\\n" }'`);
      if (out.includes('open')) escaped('a vsock socket');
    },
  },
];
