import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap'
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim'
import { Service } from 'kubernetes-models/v1/Service'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '../..')
const folders = ['deploy/kubernetes', 'examples/ship-tracker/deploy/kubernetes']
const models = { ConfigMap, Deployment, PersistentVolumeClaim, PodDisruptionBudget, Service } as const

interface Manifest {
  readonly kind: keyof typeof models
  readonly metadata: { readonly name: string }
  /** A ConfigMap has none. */
  readonly spec?: {
    readonly selector?: object
    readonly template?: { readonly metadata: { readonly labels: object }; readonly spec: object }
  }
}

const manifests = folders.flatMap(folder =>
  readdirSync(join(root, folder)).flatMap(file =>
    parseAllDocuments(readFileSync(join(root, folder, file), 'utf8')).map(document => ({
      file,
      manifest: document.toJS() as Manifest
    }))
  )
)

const named = manifests.map(({ file, manifest }) => [`${file}: ${manifest.kind} ${manifest.metadata.name}`, manifest])

describe('manifests keep to the schema of Kubernetes', () => {
  test.each(named as [string, Manifest][])('%s', (_, manifest) => {
    const Model = models[manifest.kind] as new (data: never) => { validate(): void }
    expect(() => new Model(manifest as never).validate()).not.toThrow()
  })

  test('the schema is one that refuses', () => {
    const wrong = { metadata: { name: 'a' }, spec: { replicas: 'two', selector: {}, template: {} } }
    expect(() => new Deployment(wrong as never).validate()).toThrow('replicas must be integer')
  })
})

test('there is a deployment and a service of each kind of process, which find their pods', () => {
  const deployments = manifests.filter(({ manifest }) => manifest.kind === 'Deployment')
  expect(deployments.map(({ manifest }) => manifest.metadata.name).sort()).toEqual([
    'app-scheduler',
    'app-web',
    'ship-scheduler',
    'ship-web'
  ])
  for (const { manifest } of deployments) {
    const labels = manifest.spec?.template?.metadata.labels
    expect(manifest.spec?.selector).toEqual({ matchLabels: labels })
    const service = manifests.find(
      each => each.manifest.kind === 'Service' && each.manifest.metadata.name === manifest.metadata.name
    )
    if (service !== undefined || manifest.metadata.name !== 'ship-scheduler')
      expect(service?.manifest.spec?.selector).toEqual(labels)
  }
})

test('no pod is told of the services by variables: those of a service "scheduler" would be settings of ours', () => {
  const pods = manifests.flatMap(({ manifest }) => manifest.spec?.template?.spec ?? [])
  expect(pods.length).toBeGreaterThan(0)
  for (const pod of pods) expect(pod).toMatchObject({ enableServiceLinks: false })
})
