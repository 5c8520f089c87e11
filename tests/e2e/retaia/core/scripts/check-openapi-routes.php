<?php
// The real one compares the work tree with itself; here there is nothing to find.
echo "Nothing is missing.\n";
