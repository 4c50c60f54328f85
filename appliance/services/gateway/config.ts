import { z } from 'zod';

const port = z.int().min(0).max(65_535);

/** The gateway's section of the config file. */
export const gatewayConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether browsers can come in.'),
    httpsPort: port
      .default(8443)
      .describe(
        'Port of the app, its requests and MQTT over secure WebSocket; 0 takes any free one.',
      ),
    httpPort: port
      .default(8080)
      .describe('Port of the unprotected page that explains and forwards; 0 takes any free one.'),
    maxConnectionsCount: z
      .int()
      .min(16)
      .max(65_536)
      .default(2048)
      .describe('Connections at one time; stops exhaustion of file descriptors.'),
    maxConnectionsPerAddressCount: z
      .int()
      .min(4)
      .max(65_536)
      .default(128)
      .describe('Connections of one address; stops a neighbour from taking all of them.'),
    headersWithinMs: z
      .int()
      .min(500)
      .max(120_000)
      .default(10_000)
      .describe(
        'Time to send the head of a request; stops senders that drip bytes to hold a place.',
      ),
    requestWithinMs: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(60_000)
      .describe('Time to send a whole request; stops bodies that never end.'),
    maxHeadersBytes: z
      .int()
      .min(4_096)
      .max(65_536)
      .default(16_384)
      .describe(
        'Largest head of a request; stops memory from being filled before anybody is known.',
      ),
    maxMessageBytes: z
      .int()
      .min(4_096)
      .max(1_048_576)
      .default(131_072)
      .describe('Largest WebSocket message; stops one message from filling memory.'),
    openRequestsPerMinuteCount: z
      .int()
      .min(1)
      .max(100_000)
      .default(600)
      .describe('Requests of one address without login; stops floods of logins and foundings.'),
    openRequestBurstCount: z
      .int()
      .min(1)
      .max(100_000)
      .default(120)
      .describe('Such requests at once after a quiet time.'),
    maxSessionsCount: z
      .int()
      .min(16)
      .max(100_000)
      .default(4_096)
      .describe(
        'Sessions kept; the one unused for longest goes first. Stops logins from filling memory.',
      ),
    maxNoncesPerAddressCount: z
      .int()
      .min(1)
      .max(10_000)
      .default(64)
      .describe(
        'Logins of one address that were begun and not finished; stops them from filling memory.',
      ),
  })
  .describe('The door for browsers: HTTPS, secure WebSocket, and a plain page that explains.');

/** The gateway's settings with every default filled in. */
export type GatewayConfig = z.infer<typeof gatewayConfig>;
