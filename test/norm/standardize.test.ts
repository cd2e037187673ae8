import { suite } from "./suite";

suite("standardize");
