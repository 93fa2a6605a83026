// The npm package @tus/server on a folder, as an independent server of tus 1.0.0. Prints its port.
//   node server.mjs FOLDER PATH MODULES ADDRESS
// MODULES is the folder of node_modules; ADDRESS, "absolute" or "relative", is how it tells where an upload is.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder, path, modules, address] = process.argv.slice(2)
const require = createRequire(`${modules}/`)
const load = (name) => import(pathToFileURL(require.resolve(name)))
const { Server } = await load('@tus/server')
const { FileStore } = await load('@tus/file-store')

const datastore = new FileStore({ directory: folder, expirationPeriodInMilliseconds: 3_600_000 })
const server = new Server({ path, datastore, relativeLocation: address === 'relative', lockDrainTimeout: 100 })
const listening = server.listen({ host: '127.0.0.1', port: 0 }, () => {
  console.log(listening.address().port)
})
