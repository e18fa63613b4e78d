import { fileURLToPath } from 'node:url';
import { type ClientReadableStream, credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';

/** A message as @grpc/proto-loader gives it: plain fields, bytes as Buffer, 64-bit numbers as decimal strings. */
export type Message = Record<string, unknown>;

/** A gRPC client that knows nothing of ours but the .proto files. */
export interface GrpcClient {
  call(method: string, request: Message): Promise<Message>;
  stream(method: string, request: Message): ClientReadableStream<Message>;
  close(): void;
}

const protoDirectory = fileURLToPath(new URL('../../../../packages/rpc/proto', import.meta.url));

export async function createGrpcClient(url: string): Promise<GrpcClient> {
  const definition = await load('fastpay/v1/validator.proto', {
    includeDirs: [protoDirectory],
    longs: String,
    enums: String,
    oneofs: true,
  });
  const { fastpay } = loadPackageDefinition(definition) as unknown as Root;
  const client = new fastpay.v1.ValidatorService(new URL(url).host, credentials.createInsecure());
  return {
    call: (method, request) =>
      new Promise((resolve, reject) => {
        client[method]?.(request, (error, answer) => (error ? reject(error) : resolve(answer)));
      }),
    stream: (method, request) => client[method]?.(request) as ClientReadableStream<Message>,
    close: () => client.close(),
  };
}

interface Root {
  readonly fastpay: { readonly v1: { readonly ValidatorService: new (...options: unknown[]) => Stub } };
}

interface Stub {
  close(): void;
  [method: string]: (request?: Message, answered?: (error: ServiceError | null, answer: Message) => void) => unknown;
}
