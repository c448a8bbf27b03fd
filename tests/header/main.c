/* The test is that the files beside this one compile and link. */
int main(void) { return 0; }
