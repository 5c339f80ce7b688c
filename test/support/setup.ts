import { failOnDeadFaults } from "./deadFaults.js";
import { deriveSchemaOnce, failOnWhatIsLeft } from "./deriveSchemaOnce.js";

// Run before each test file.
failOnDeadFaults();
deriveSchemaOnce();
failOnWhatIsLeft();
