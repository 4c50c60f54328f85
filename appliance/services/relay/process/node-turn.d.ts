/** The parts of node-turn 0.0.6 that we use; the package has no types of its own. */
declare module 'node-turn' {
  import type { EventEmitter } from 'node:events';

  export default class TurnServer extends EventEmitter {
    constructor(config: Record<string, unknown>);
    allocations: unknown;
    authentification: {
      credentials: unknown;
      generateNonce(): string;
      checkNonce(nonce: unknown): boolean;
    };
    allocate: {
      allocateUdp(message: import('node-turn/lib/message.js').default): Promise<unknown[]>;
    };
  }
}

declare module 'node-turn/lib/message.js' {
  import type TurnServer from 'node-turn';
  import type Transport from 'node-turn/lib/transport.js';

  export default class Message {
    constructor(server: TurnServer, transport: Transport);
    read(datagram: Buffer): boolean;
    getAttribute(name: string): unknown;
    getAttributes(name: string): unknown[];
    addAttribute(name: string, value?: unknown): void;
    resolve(): void;
    reject(code: number, reason: string): void;
    discard(): void;
    transport: Transport;
    transactionID: string;
    user: { username: string } | null;
    allocation: unknown;
  }
}

declare module 'node-turn/lib/transport.js' {
  import type Address from 'node-turn/lib/address.js';

  export default class Transport {
    constructor(protocol: number, source: Address, destination: Address, socket: unknown);
    get5Tuple(): string;
    src: Address;
    dst: Address;
  }
}

declare module 'node-turn/lib/address.js' {
  export default class Address {
    constructor(address: string, port: number);
    address: string;
    port: number;
  }
}
