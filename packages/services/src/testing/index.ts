export { connect, describeContainer, inventoryOf, proved } from './agent.ts'
export { createFakeDatabase, type FakeDatabase } from './fake-database.ts'
export { contextOf, createTestServices, enrolNewHost } from './services.ts'
