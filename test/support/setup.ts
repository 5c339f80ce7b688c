import { failOnDeadFaults } from "./deadFaults.js";
import { deriveSchemaOnce } from "./deriveSchemaOnce.js";

// Run before each test file.
failOnDeadFaults();
deriveSchemaOnce();
