// Types of the DynamoDB emulator that the store's tests run on; the package brings none.
declare module 'dynalite' {
  import type { Server } from 'node:http';

  function dynalite(options?: { readonly createTableMs?: number; readonly deleteTableMs?: number }): Server;
  export default dynalite;
}
