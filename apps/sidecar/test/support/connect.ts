import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { ValidatorService } from '@fastpay/rpc';

/** A client of our own messages, for tests that need many of them. */
export function createConnectClient(url: string): Client<typeof ValidatorService> {
  return createClient(ValidatorService, createConnectTransport({ baseUrl: url, httpVersion: '2' }));
}

/** The value of a metric without labels, or of all labels together. */
export async function metricOf(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
