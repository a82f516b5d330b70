export { repoMigrations, startTestPostgres, type TestPostgres } from './postgres.ts'
