import { createServer } from 'node:net'
import { StartError } from './steps.ts'

/** Throws a `StartError` that says what to do if nothing can listen on this port of 127.0.0.1. */
export const requirePort = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code})`
      reject(new StartError(`Port ${port} ${reason}. Choose another: PORT=${port + 1} npm start`))
    })
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
