/**
 * The two files of undici that the client needs. All of undici costs a short-lived `jobsched list` about one bare start
 * of Node (measured: 3.5 instead of 2.6 times `node -e 0`), most of it for fetch, caches and mocks.
 */
declare module 'undici/lib/dispatcher/client.js' {
  import type { Client } from 'undici';

  // The package's own export style (`module.exports = Client`), not ours.
  const client: typeof Client;
  export default client;
}

declare module 'undici/lib/api/api-request.js' {
  import type { Dispatcher } from 'undici';

  type RequestOptions = Dispatcher.RequestOptions<null>;
  function request(this: Dispatcher, options: RequestOptions): Promise<Dispatcher.ResponseData<null>>;
  export default request;
}
