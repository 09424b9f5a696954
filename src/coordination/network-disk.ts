import { statfs } from 'node:fs/promises'

/**
 * File systems that may grant a lock from one machine's memory while another machine holds it, by their numbers on
 * Linux (linux/magic.h, and statfs(2)). Other systems use other numbers: there, nothing can be detected.
 */
const networkDisks: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x786f4256, 'a shared folder of VirtualBox']
])

/** The kind of network disk that a folder is on. Undefined: none that is known. */
export async function networkDiskOf(
  folder: string,
  typeOf: (path: string) => Promise<number> = statfsType
): Promise<string | undefined> {
  return networkDisks.get((await typeOf(folder)) >>> 0)
}

const statfsType = async (path: string): Promise<number> =>
  process.platform === 'linux' ? (await statfs(path)).type : 0
