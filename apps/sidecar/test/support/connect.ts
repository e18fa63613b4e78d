import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { ValidatorService } from '@fastpay/rpc';

const clients = new Map<string, Client<typeof ValidatorService>>();

/** A client of our own messages, for tests that need many of them; one connection to each sidecar, however often asked. */
export function createConnectClient(url: string): Client<typeof ValidatorService> {
  const known = clients.get(url);
  if (known) return known;
  const client = createClient(ValidatorService, createConnectTransport({ baseUrl: url, httpVersion: '2' }));
  clients.set(url, client);
  return client;
}

/** The value of a metric without labels, or of all labels together. */
export async function metricOf(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
